"""`prooftrail console`: the web console on this machine, for a stack whose API takes IAM callers.

`command` is the command, `server` the process, `app` its routes, `access` who may use them, and
`forwarding` what reaches the stack's API.
"""
