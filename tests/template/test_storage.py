"""Queues, tables and the bucket: encrypted, private, recoverable, and kept."""

from collections.abc import Mapping
from typing import Any

import pytest

from prooftrail.aws.clients import client
from prooftrail.event import keys
from prooftrail.event.retention import make_payloads_prefix
from prooftrail.intake.retries import DEFAULT_MAX_RECEIVES
from prooftrail.runtime.config import MAX_RECEIVES
from tests.support.stack import deployed
from tests.template.conftest import SelectType

DAYS = 24 * 60 * 60
NO_VALUE = {"Ref": "AWS::NoValue"}
CMK = "arn:aws:kms:us-east-1:123456789012:key/5f1c9d2e-0000-4000-8000-000000000009"


def choose_by_cmk(with_key: object, without: object) -> dict[str, Any]:
    """Return what is `with_key` if the parameter CmkArn is given, else `without`."""
    return {"Fn::If": ["HasCmk", with_key, without]}


def test_queues_are_encrypted_and_keep_messages_for_14_days(select_type: SelectType) -> None:
    queues = select_type("AWS::SQS::Queue")
    assert set(queues) == {"AuditQueue", "AuditDeadLetterQueue", "LedgerFailureQueue"}
    for queue in queues.values():
        assert queue["SqsManagedSseEnabled"] == choose_by_cmk(NO_VALUE, True)
        assert queue["MessageRetentionPeriod"] == 14 * DAYS


def test_the_queue_accepts_1_mib_and_redrives_after_the_processor_gave_up(
    template: Mapping[str, Any], select_type: SelectType
) -> None:
    queues = select_type("AWS::SQS::Queue")
    assert queues["AuditQueue"]["MaximumMessageSize"] == 1024 * 1024
    assert queues["AuditDeadLetterQueue"]["MaximumMessageSize"] == 1024 * 1024
    assert queues["AuditQueue"]["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["AuditDeadLetterQueue", "Arn"]},
        "maxReceiveCount": {"Ref": "MaxReceives"},
    }
    processor = select_type("AWS::Lambda::Function")["ProcessorFunction"]
    assert processor["Environment"]["Variables"]["MAX_RECEIVES"] == {"Ref": "MaxReceives"}
    parameter = template["Parameters"]["MaxReceives"]
    assert parameter["Default"] == DEFAULT_MAX_RECEIVES
    assert (parameter["MinValue"], parameter["MaxValue"]) == (1, MAX_RECEIVES)


def test_queues_and_the_bucket_refuse_plain_text(select_type: SelectType) -> None:
    policies = {
        policy["Queues"][0]["Ref"]: policy
        for policy in select_type("AWS::SQS::QueuePolicy").values()
    } | {
        policy["Bucket"]["Ref"]: policy for policy in select_type("AWS::S3::BucketPolicy").values()
    }
    assert set(policies) == {*select_type("AWS::SQS::Queue"), *select_type("AWS::S3::Bucket")}
    for name, policy in policies.items():
        statement, *others = policy["PolicyDocument"]["Statement"]
        assert bool(others) == ("Queues" in policy)
        assert statement["Effect"] == "Deny"
        assert statement["Principal"] == "*"
        assert statement["Action"] in {"sqs:*", "s3:*"}
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        covered = statement["Resource"]
        arn = {"Fn::GetAtt": [name, "Arn"]}
        assert covered in (arn, [arn, {"Fn::Sub": f"${{{name}.Arn}}/*"}])


def test_tables_are_on_demand_recoverable_encrypted_and_protected(select_type: SelectType) -> None:
    tables = dict(select_type("AWS::DynamoDB::Table"))
    usage = tables.pop("UsageTable")  # holds nothing that has to be kept
    assert usage["BillingMode"] == "PAY_PER_REQUEST"
    assert usage["TimeToLiveSpecification"] == {"AttributeName": keys.EXPIRES_AT, "Enabled": True}
    assert set(tables) == {"AuditEventsTable", "AuditLedgerTable"}
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == choose_by_cmk(
            {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Ref": "CmkArn"}},
            {"SSEEnabled": True},
        )


def test_a_parameter_chooses_the_class_of_the_events_table(
    template: Mapping[str, Any], select_type: SelectType
) -> None:
    parameter = template["Parameters"]["TableClass"]
    assert parameter["Default"] == "STANDARD"
    assert parameter["AllowedValues"] == ["STANDARD", "STANDARD_INFREQUENT_ACCESS"]
    tables = select_type("AWS::DynamoDB::Table")
    assert tables["AuditEventsTable"]["TableClass"] == {"Ref": "TableClass"}
    # A ledger item is small and written once for a whole batch: it costs little storage.
    assert "TableClass" not in tables["AuditLedgerTable"]


@pytest.mark.parametrize("table_class", ["STANDARD", "STANDARD_INFREQUENT_ACCESS"])
def test_a_stack_of_each_class_is_created(table_class: str) -> None:
    with deployed({"TableClass": table_class}) as stack:
        assert stack.resources["AuditEventsTable"]


def test_a_stack_with_a_key_of_the_customer_is_created() -> None:
    """moto forgets the key of a table."""
    with deployed({"CmkArn": CMK}) as stack:
        assert stack.resources["AuditEventsTable"]
        for name in ("AuditQueue", "AuditDeadLetterQueue", "LedgerFailureQueue"):
            attributes = client("sqs").get_queue_attributes(
                QueueUrl=stack.resources[name], AttributeNames=["All"]
            )["Attributes"]
            assert attributes["KmsMasterKeyId"] == CMK
        for name in ("OverflowBucket", "LogBucket"):
            encryption = client("s3").get_bucket_encryption(Bucket=stack.resources[name])
            [rule] = encryption["ServerSideEncryptionConfiguration"]["Rules"]
            assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == CMK


def test_resources_with_events_survive_the_deletion_of_the_stack(
    resources: Mapping[str, Any],
) -> None:
    for name in (
        "AuditEventsTable",
        "AuditLedgerTable",
        "OverflowBucket",
        "OverflowBucketPolicy",
        "LogBucket",
        "LogBucketPolicy",
        "SigningKey",
    ):
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_events_expire_and_stream_both_images(select_type: SelectType) -> None:
    table = select_type("AWS::DynamoDB::Table")["AuditEventsTable"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": keys.EXPIRES_AT, "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}


def test_tables_have_the_keys_of_the_code(select_type: SelectType) -> None:
    tables = select_type("AWS::DynamoDB::Table")
    assert get_key_names(tables["AuditEventsTable"]) == (keys.PARTITION, keys.ID)
    assert get_key_names(tables["AuditLedgerTable"]) == (keys.PARTITION, keys.SORT)


def test_indexes_hold_keys_and_small_attributes_only(select_type: SelectType) -> None:
    indexes = select_type("AWS::DynamoDB::Table")["AuditEventsTable"]["GlobalSecondaryIndexes"]
    partitions = {
        keys.Index.USER: keys.USER_KEY,
        keys.Index.RESOURCE: keys.RESOURCE_KEY,
        keys.Index.ACTION: keys.ACTION_KEY,
        keys.Index.FAILURE: keys.FAILURE_KEY,
    }
    assert {index["IndexName"]: get_key_names(index) for index in indexes} == {
        index.value: (partition, keys.ID) for index, partition in partitions.items()
    }
    for index in indexes:
        projection = index["Projection"]
        assert projection["ProjectionType"] == "INCLUDE"
        assert set(projection["NonKeyAttributes"]) == {
            *partitions.values(),
            keys.REQUEST_ID,
            keys.SESSION_ID,
            keys.IP_ADDRESS,
        } - {partitions[keys.Index(index["IndexName"])]}


def get_key_names(table: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names of the partition key and the sort key."""
    partition, sort = table["KeySchema"]
    assert (partition["KeyType"], sort["KeyType"]) == ("HASH", "RANGE")
    return partition["AttributeName"], sort["AttributeName"]


@pytest.mark.parametrize("name", ["OverflowBucket", "LogBucket"])
def test_the_buckets_are_private_encrypted_and_versioned(
    select_type: SelectType, name: str
) -> None:
    bucket = select_type("AWS::S3::Bucket")[name]
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == choose_by_cmk(
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": {"Ref": "CmkArn"},
            },
        },
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
    )
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_the_published_log_never_expires_and_a_parameter_locks_it(select_type: SelectType) -> None:
    bucket = select_type("AWS::S3::Bucket")["LogBucket"]
    assert bucket["ObjectLockEnabled"] is True
    condition, lock, otherwise = bucket["ObjectLockConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasLogLock", {"Ref": "AWS::NoValue"})
    assert lock["Rule"] == {
        "DefaultRetention": {"Mode": "COMPLIANCE", "Days": {"Ref": "LogLockDays"}}
    }
    for rule in bucket["LifecycleConfiguration"]["Rules"]:
        assert not any("Expiration" in name for name in rule)


def test_the_key_can_only_sign_and_verify(select_type: SelectType) -> None:
    (key,) = select_type("AWS::KMS::Key").values()
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY")


def test_the_key_s_policy_lets_the_checkpoint_s_role_sign_and_nobody_else(
    select_type: SelectType,
) -> None:
    """The account administers the key: that includes its policy, and no use of the key."""
    (key,) = select_type("AWS::KMS::Key").values()
    administer, sign, deny = key["KeyPolicy"]["Statement"]
    role = {"Fn::GetAtt": ["CheckpointRole", "Arn"]}
    root = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    assert (administer["Effect"], administer["Principal"]) == ("Allow", {"AWS": root})
    assert {"kms:PutKeyPolicy", "kms:GetPublicKey"} <= set(administer["Action"])
    assert not any("*" in action for action in administer["Action"])
    assert not {"kms:Sign", "kms:CreateGrant"} & set(administer["Action"])
    assert (sign["Effect"], sign["Principal"]) == ("Allow", {"AWS": role})
    assert set(sign["Action"]) == {"kms:GetPublicKey", "kms:Sign"}
    assert (deny["Effect"], deny["Principal"]) == ("Deny", "*")
    assert set(deny["Action"]) == {"kms:CreateGrant", "kms:Sign"}
    assert deny["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": role}}
    assert all(one["Resource"] == "*" for one in (administer, sign, deny))


RECEIVING = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"}


@pytest.mark.parametrize("name", ["AuditQueue", "AuditDeadLetterQueue", "LedgerFailureQueue"])
def test_nobody_purges_a_queue(select_type: SelectType, name: str) -> None:
    _, purge, *_ = select_type("AWS::SQS::QueuePolicy")[f"{name}Policy"]["PolicyDocument"][
        "Statement"
    ]
    assert purge == {
        "Sid": "NobodyPurges",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sqs:PurgeQueue",
        "Resource": {"Fn::GetAtt": [name, "Arn"]},
    }


def test_only_the_processor_receives_from_the_queue(select_type: SelectType) -> None:
    policy = select_type("AWS::SQS::QueuePolicy")["AuditQueuePolicy"]["PolicyDocument"]
    [receive] = [one for one in policy["Statement"] if one.get("Sid") == "ProcessorAloneReceives"]
    assert (receive["Effect"], receive["Principal"]) == ("Deny", "*")
    assert set(receive["Action"]) == RECEIVING
    assert receive["Condition"] == {
        "ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["ProcessorRole", "Arn"]}}
    }


@pytest.mark.parametrize("name", ["AuditDeadLetterQueue", "LedgerFailureQueue"])
def test_a_parameter_names_the_operators_who_receive_from_the_other_queues(
    template: Mapping[str, Any], select_type: SelectType, name: str
) -> None:
    policy = select_type("AWS::SQS::QueuePolicy")[f"{name}Policy"]["PolicyDocument"]
    condition, receive, otherwise = policy["Statement"][-1]["Fn::If"]
    assert (condition, otherwise) == ("HasOperators", NO_VALUE)
    assert (receive["Effect"], receive["Principal"]) == ("Deny", "*")
    assert set(receive["Action"]) == RECEIVING
    assert receive["Resource"] == {"Fn::GetAtt": [name, "Arn"]}
    assert receive["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": {"Ref": "OperatorRoleArns"}}}
    assert template["Parameters"]["OperatorRoleArns"]["Type"] == "CommaDelimitedList"
    assert template["Conditions"]["HasOperators"] == {
        "Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "OperatorRoleArns"}]}, ""]}]
    }


def test_payloads_expire_with_their_events_and_only_then(select_type: SelectType) -> None:
    bucket = select_type("AWS::S3::Bucket")["OverflowBucket"]
    abort, dead_letters, retention = bucket["LifecycleConfiguration"]["Rules"]
    assert "ExpirationInDays" not in abort
    queue = select_type("AWS::SQS::Queue")["AuditDeadLetterQueue"]
    assert dead_letters["Prefix"] == "dead-letters/"
    assert dead_letters["ExpirationInDays"] * 86_400 > queue["MessageRetentionPeriod"]
    condition, rule, otherwise = retention["Fn::If"]
    assert (condition, otherwise) == ("HasRetention", {"Ref": "AWS::NoValue"})
    assert rule["Prefix"] == {"Fn::Sub": "overflow/${RetentionDays}/"}
    assert make_payloads_prefix(30) + "/" == "overflow/30/"
    assert not make_payloads_prefix(300).startswith("overflow/30/")
    assert rule["ExpirationInDays"] == {"Ref": "RetentionDays"}
