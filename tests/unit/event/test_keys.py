"""Keys: two things share a key only if they are one, and no id reaches other keys."""

from hypothesis import given
from hypothesis import strategies as st

from prooftrail.aws.item import encode_item
from prooftrail.aws.references import encode_references
from prooftrail.event import keys
from prooftrail.event.ids import find_shard_by_id
from prooftrail.event.keys import Index
from tests.support.fakes import MemoryPayloadStore
from tests.support.samples import NOW_MS, event_json, make_audit_event, make_event_record

TENANTS = st.text("aZ09._-", min_size=1, max_size=5)
NAMES = st.builds(str.__add__, st.sampled_from("a0"), st.text("a0._:-", max_size=4))
# What an attacker would write into an id to reach elsewhere.
REACHING_IDS = st.text("a#/|~\x00\u00e9\U0001f600.-0", min_size=1, max_size=6)


@given(TENANTS, REACHING_IDS, TENANTS, REACHING_IDS)
def test_users_share_a_key_only_when_they_are_one(
    tenant: str, user: str, other_tenant: str, other_user: str
) -> None:
    is_same = (tenant, user) == (other_tenant, other_user)
    assert (
        keys.make_user_key(tenant, user) == keys.make_user_key(other_tenant, other_user)
    ) == is_same


@given(st.tuples(TENANTS, NAMES, REACHING_IDS), st.tuples(TENANTS, NAMES, REACHING_IDS))
def test_resources_share_a_key_only_when_they_are_one(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (keys.make_resource_key(*one) == keys.make_resource_key(*other)) == (one == other)


@given(st.tuples(TENANTS, NAMES, st.integers(0, 255)), st.tuples(TENANTS, NAMES, st.integers(0, 9)))
def test_actions_share_a_key_only_when_they_are_one(
    one: tuple[str, str, int], other: tuple[str, str, int]
) -> None:
    assert (keys.make_action_key(*one) == keys.make_action_key(*other)) == (one == other)


@given(st.tuples(NAMES, NAMES, st.booleans()), st.tuples(NAMES, NAMES, st.booleans()))
def test_counters_share_a_name_only_when_they_are_one(
    one: tuple[str, str, bool], other: tuple[str, str, bool]
) -> None:
    assert (keys.make_counter_name(*one) == keys.make_counter_name(*other)) == (one == other)


@given(TENANTS, NAMES, NAMES, REACHING_IDS, REACHING_IDS, st.booleans())
def test_no_id_reaches_another_tenants_partition(
    tenant: str, action: str, resource_type: str, user: str, resource: str, success: bool
) -> None:
    record = make_event_record(
        tenantId=tenant,
        action=action,
        resourceType=resource_type,
        userId=user,
        resourceId=resource,
        success=success,
        targets=[{"type": resource_type, "id": resource + "x"}],
        onBehalfOf={"userId": user + "x"},
    )
    item = encode_item(record, 4, MemoryPayloadStore(), stored_at=NOW_MS)
    target, behalf = (each["pk"]["S"] for each in encode_references(record, item))
    assert (target, behalf) == (
        f"{tenant}#target#{resource_type}#{resource}x",
        f"{tenant}#behalf#{user}x",
    )
    assert keys.is_reference_key(target)
    assert keys.is_reference_key(behalf)
    assert (keys.is_target_key(target), keys.is_target_key(behalf)) == (True, False)
    assert keys.parse_target(target) == (resource_type, f"{resource}x")
    assert not keys.is_reference_key(item["pk"]["S"])
    indexes = set(Index) - {Index.REFERENCES}
    partitions = {index: item.get(index.partition_attribute) for index in indexes}
    shard = find_shard_by_id(record.id, 4)
    assert partitions == {
        Index.BASE: {"S": f"{tenant}#{shard}"},
        Index.USER: {"S": f"{tenant}#{user}"},
        Index.RESOURCE: {"S": f"{tenant}#{resource_type}#{resource}"},
        Index.ACTION: {"S": f"{tenant}#{action}#{shard}"},
        Index.FAILURE: None if success else {"S": f"{tenant}#{shard}"},
    }


def test_a_key_fits_dynamodbs_limits() -> None:
    longest = "\U0001f600" * 256
    event = make_audit_event(
        event_json(
            tenantId="t" * 64,
            userId=longest,
            action="a" * 128,
            resourceType="r" * 128,
            resourceId=longest,
        )
    )
    keyed = [
        keys.make_user_key(event.tenant_id, longest),
        keys.make_resource_key(event.tenant_id, event.resource_type, longest),
        keys.make_action_key(event.tenant_id, event.action, 255),
        keys.make_target_key(event.tenant_id, event.resource_type, longest),
        keys.make_behalf_key(event.tenant_id, longest),
    ]
    assert max(len(key.encode()) for key in keyed) <= keys.MAX_KEY_BYTES
