"""The tenant of an event is found in its text, whatever the application logs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.tenants import find_tenant
from prooftrail.client.values.encoding import encode_event
from tests.support.queue_fakes import FlakyQueue, make_logger
from tests.support.samples import event_json, make_audit_event

FAKES = st.sampled_from(["tenantId", '"tenantId":"fake"', '\\","tenantId":"fake","', "x", "\u00fc"])
OBJECTS = st.dictionaries(FAKES, FAKES | st.dictionaries(FAKES, FAKES), max_size=3)


@given(st.sampled_from(["acme", "a.b_C-9"]), OBJECTS, OBJECTS, FAKES, FAKES)
def test_the_tenant_of_an_encoded_event_is_found(
    tenant_id: str, details: Any, before: Any, agent: str, name: str
) -> None:
    fields = {"details": details, "changes": {"before": before}}
    raw = event_json(tenantId=tenant_id, userAgent=agent, username=name, **fields)
    assert find_tenant(encode_event(make_audit_event(raw)).text) == tenant_id
    assert find_tenant(json.dumps(raw | {"userId": "u"}, indent=1)) == tenant_id


@pytest.mark.parametrize("text", ["", "{}", "[]", "x", '{"tenantId":7}', '{"tenantId":"a b"}'])
def test_a_text_without_a_tenant_belongs_to_the_default_one(text: str) -> None:
    assert find_tenant(text) == "default"


def test_each_message_of_the_library_has_the_group_of_its_tenant() -> None:
    queue = FlakyQueue()
    with make_logger(queue, tenant_id="own", limits=Limits(flush_seconds=60)) as audit:
        for number in range(30):
            tenant_id = ("acme", "beta", None)[number % 3]
            fields: Any = {"tenant_id": tenant_id} if tenant_id else {}
            audit.log(action="a.b", resource_type="r", resource_id=str(number), **fields)
    groups = {job.tenant_id: job.body.count('"action"') for job in queue.jobs}
    assert groups == {"acme": 10, "beta": 10, "own": 10}
    for job in queue.jobs:
        tenants = {event["tenantId"] for event in FlakyQueue.read_events(job)}
        assert tenants == {job.tenant_id}
