from prooftrail.aws.documentation import skip_documentation
from prooftrail.runtime.startup import collect_rarely

collect_rarely()
skip_documentation()
