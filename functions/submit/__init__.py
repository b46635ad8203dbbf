from auditlog.startup import collect_rarely

collect_rarely()
