"""An event's proof, verified in the browser: what is true turns green, and nothing else does."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Locator, Page, Route, expect

from local.system import System
from prooftrail.event.times import now_ms
from prooftrail.tlog.note import VerifierKey
from tests.support.accessibility import find_violations
from tests.support.log_samples import make_verifier_key, make_witness_key
from tests.support.samples import bulk_job, event_json
from tests.support.witness_server import Witness, serve_witness

TENANT = "acme"
WITNESS = "witness.example/w"
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PROOF = re.compile(r"/proof/unmasked\?")
MAX_VERIFY_MS = 100
SETTLE_SECONDS = 300
DISABLE_ED25519 = """
const { importKey } = SubtleCrypto.prototype;
SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
  if (algorithm === "Ed25519") return Promise.reject(new DOMException("no", "NotSupportedError"));
  return importKey.call(this, format, key, algorithm, ...rest);
};
"""
FORBID_STORAGE = """
Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no"); } });
"""


@pytest.fixture(scope="module")
def known_logs() -> dict[str, bytes]:
    """Return the public keys of the logs that the witness knows, by origin."""
    return {}


@pytest.fixture(scope="module")
def parameters(known_logs: dict[str, bytes]) -> Iterator[Mapping[str, str]]:
    """Return the parameters of a stack whose log asks a witness on this machine."""
    witness = Witness(WITNESS, [WITNESS_KEY], known_logs, lambda: now_ms() // 1000)
    with serve_witness(witness.respond) as address:
        yield {"AuditReads": "false", "Witnesses": f"{witness.verifier_keys[0]} {address}"}


@pytest.fixture(scope="module")
def event_id(system: System, known_logs: dict[str, bytes]) -> str:
    """Store and publish three events. Return the id of one."""
    key = VerifierKey.from_text(system.verifier_key)
    known_logs[key.name] = key.public_key
    publish(system, 3)
    return str(read(system, f"/audit-logs?tenantId={TENANT}")["items"][0]["id"])


def publish(system: System, count: int) -> None:
    """Store so many more events, and publish a checkpoint that covers them."""
    before = read_size(system)
    events = [event_json(tenantId=TENANT, userId=f"u-{before + n}") for n in range(count)]
    system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=bulk_job(*events))
    system.settle(SETTLE_SECONDS)
    system.run_schedules()
    assert read_size(system) == before + count


def read(system: System, path: str) -> Any:
    with urlopen(system.api_url + path) as response:  # noqa: S310  # the local system
        return json.load(response)


def read_size(system: System) -> int:
    try:
        return int(read(system, "/audit-logs/log")["size"])
    except OSError:  # nothing is published yet
        return 0


def open_event(page: Page, event_id: str) -> Locator:
    """Open the event. Return what the page says of its proof."""
    page.goto(f"?tenantId={TENANT}&event={event_id}")
    return page.get_by_role("region", name="Proof")


def expect_step(proof: Locator, name: str, state: str) -> Locator:
    step = proof.locator(f'[data-step="{name}"]')
    expect(step).to_have_attribute("data-state", state)
    return step


def change_bundle(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the bundle on its way to the page."""

    def fulfil(route: Route) -> None:
        response = route.fetch()
        bundle = response.json()
        change(bundle)
        route.fulfill(response=response, json=bundle)

    page.route(PROOF, fulfil)


def change_log(page: Page, **fields: object) -> None:
    """Give the page a log with other fields."""
    page.route(
        "**/audit-logs/log",
        lambda route: route.fulfill(json=route.fetch().json() | fields),
    )


def test_an_event_of_the_running_system_is_verified(page: Page, event_id: str) -> None:
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status").first).to_contain_text("Verified here")
    proof.get_by_text("Steps and key").click()
    for name in ("bundle", "digest", "id", "shown", "inclusion", "receipt", "signature", "asOf"):
        expect_step(proof, name, "passed")
    expect(expect_step(proof, "key", "notPossible")).to_contain_text("No key is pinned")
    expect(expect_step(proof, "history", "notPossible")).to_contain_text("first checkpoint")
    assert not find_violations(page)


def test_a_verification_takes_at_most_100_ms(page: Page, event_id: str) -> None:
    times = []
    for _ in range(5):
        proof = open_event(page, event_id)
        expect(proof).to_contain_text("Verified here")
        measure = "performance.getEntriesByName('prooftrail.verify').map((each) => each.duration)"
        times += page.evaluate(measure)
    assert min(times) <= MAX_VERIFY_MS, times  # the others waited for this machine


def test_a_tampered_event_is_refused(page: Page, event_id: str) -> None:
    def change(bundle: dict[str, Any]) -> None:
        bundle["event"] = bundle["event"].replace('"userId":"u-', '"userId":"x-')

    change_bundle(page, change)
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    for name in ("digest", "id", "inclusion"):
        expect_step(proof, name, "failed")
    expect_step(proof, "signature", "passed")
    expect(expect_step(proof, "id", "failed")).to_contain_text(event_id)
    expect(expect_step(proof, "inclusion", "failed")).to_contain_text("Root computed")
    assert not find_violations(page)


def test_an_event_that_is_shown_otherwise_than_it_was_logged_is_refused(
    page: Page, event_id: str
) -> None:
    page.route(
        re.compile(rf"/audit-logs/{event_id}(\?|$)"),
        lambda route: route.fulfill(json=route.fetch().json() | {"action": "user.logout"}),
    )
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    step = expect_step(proof, "shown", "failed")
    expect(step).to_contain_text("user.logout")
    expect(step).to_contain_text("user.login")


def test_another_receipt_than_the_log_has_is_not_proved(page: Page, event_id: str) -> None:
    page.route(
        re.compile(rf"/audit-logs/{event_id}(\?|$)"),
        lambda route: route.fulfill(json=route.fetch().json() | {"submittedBy": "AIDAEXAMPLE"}),
    )
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status").first).to_contain_text("Not proved")
    step = expect_step(proof, "receipt", "notPossible")
    expect(step).to_contain_text("another receipt than the log has")
    expect(step).to_contain_text("AIDAEXAMPLE")


def test_a_tampered_checkpoint_is_refused(page: Page, event_id: str) -> None:
    def change(bundle: dict[str, Any]) -> None:
        head, note = bundle["proof"].split("\n\n", 1)
        origin, size, rest = note.split("\n", 2)
        bundle["proof"] = f"{head}\n\n{origin}\n{int(size) + 1}\n{rest}"

    change_bundle(page, change)
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    step = expect_step(proof, "signature", "failed")
    expect(step).to_contain_text("was changed after it was signed")


def test_a_response_that_is_not_a_bundle_is_refused(page: Page, event_id: str) -> None:
    page.route(PROOF, lambda route: route.fulfill(body="<script>alert(1)</script>"))
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    expect(expect_step(proof, "bundle", "failed")).to_contain_text("not a JSON object")


def test_a_pinned_key_is_compared_ever_after(page: Page, event_id: str) -> None:
    proof = open_event(page, event_id)
    proof.get_by_text("Steps and key").click()
    proof.get_by_role("button", name="Pin this key").click()
    expect(proof.get_by_role("button", name="Unpin the key")).to_be_visible()
    proof = open_event(page, event_id)
    expect(proof).to_contain_text("Verified here")
    proof.get_by_text("Steps and key").click()
    expect_step(proof, "key", "passed")
    change_log(page, verifierKey=str(make_verifier_key("example.com/log")))
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    expect(expect_step(proof, "key", "failed")).to_contain_text("another key than the one")
    page.unroute("**/audit-logs/log")
    proof.get_by_role("button", name="Forget what this browser has seen").click()
    expect(proof).to_contain_text("Verified here")


def test_a_witness_has_cosigned_and_can_be_pinned(page: Page, event_id: str) -> None:
    proof = open_event(page, event_id)
    proof.get_by_text("Steps and key").click()
    step = expect_step(proof, "witness", "passed")
    expect(step).to_contain_text(WITNESS)
    expect(step).to_contain_text("from the same stack")
    expect(step).to_contain_text("Cosigned")
    assert not find_violations(page)
    step.get_by_role("button", name="Pin this witness").click()
    expect(step.get_by_role("button", name="Unpin this witness")).to_be_visible()
    expect(step).not_to_contain_text("from the same stack")
    other = make_witness_key(WITNESS, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    change_log(page, witnesses=[{"name": WITNESS, "verifierKey": str(other)}])
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    step = expect_step(proof, "witness", "failed")
    expect(step).to_contain_text("another key for this witness than the one that you have pinned")
    step.get_by_role("button", name="Unpin this witness").click()
    expect(proof).to_contain_text("Verified here")


def test_a_wrong_cosignature_is_refused(page: Page, event_id: str) -> None:
    change_cosignature(page, lambda content: content[:-1] + bytes([content[-1] ^ 1]))
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    step = expect_step(proof, "witness", "failed")
    expect(step).to_contain_text("does not fit the checkpoint")
    expect(step).to_contain_text(WITNESS)


def test_a_cosignature_of_an_unknown_witness_is_not_checked(page: Page, event_id: str) -> None:
    change_log(page, witnesses=[])
    proof = open_event(page, event_id)
    expect(proof).to_contain_text("Verified here")
    proof.get_by_text("Steps and key").click()
    step = expect_step(proof, "witness", "notPossible")
    expect(step).to_contain_text("The witness is unknown")
    expect(step).to_contain_text(WITNESS)


def change_cosignature(page: Page, change: Callable[[bytes], bytes]) -> None:
    """Change the content of the witness's signature line in the bundle."""

    def change_line(bundle: dict[str, Any]) -> None:
        line = next(line for line in bundle["proof"].split("\n") if f" {WITNESS} " in line)
        encoded = line.split(" ")[2]
        changed = b64encode(change(b64decode(encoded))).decode()
        bundle["proof"] = bundle["proof"].replace(encoded, changed)

    change_bundle(page, change_line)


def test_another_key_than_before_is_a_doubt(page: Page, system: System, event_id: str) -> None:
    other = make_verifier_key(VerifierKey.from_text(system.verifier_key).name)
    note = read(system, f"/audit-logs/{event_id}/proof/unmasked?tenantId={TENANT}")["proof"]
    seed(page, event_id, str(other), note.split("\n\n", 1)[1])
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status").first).to_contain_text("Not proved")
    expect(expect_step(proof, "key", "notPossible")).to_contain_text(
        "another key than this browser"
    )
    proof.get_by_role("button", name="Trust the new key").click()
    expect(proof.get_by_role("status").first).to_contain_text("Verified here")


def seed(page: Page, event_id: str, key: str, note: str) -> None:
    """Let the browser have seen this checkpoint."""
    proof = open_event(page, event_id)
    expect(proof).to_contain_text("Verified here")
    content = json.dumps({"pinned": None, "seen": {"key": key, "note": note}})
    page.evaluate(
        """(content) => {
          const isTrust = (name) => name.startsWith("prooftrail.trust");
          const names = Object.keys(localStorage).filter(isTrust);
          if (names.length !== 1) throw new Error(String(names));
          localStorage.setItem(names[0], content);
        }""",
        content,
    )


def test_a_log_that_grew_is_consistent_with_the_checkpoint_seen(
    page: Page, system: System, event_id: str
) -> None:
    expect(open_event(page, event_id)).to_contain_text("Verified here")
    publish(system, 2)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    proof = open_event(page, event_id)
    expect(proof).to_contain_text("Verified here")
    assert len([address for address in requests if "/log/consistency?" in address]) == 1
    assert not [address for address in requests if "/tile/" in address]
    proof.get_by_text("Steps and key").click()
    expect(expect_step(proof, "history", "passed")).to_contain_text("Events seen before")


def test_a_log_that_is_not_the_one_seen_is_refused(
    page: Page, system: System, event_id: str
) -> None:
    root = "A" * 43 + "="
    for size, text in ((2, "does not begin with what this browser has seen"), (999, "is smaller")):
        name = VerifierKey.from_text(system.verifier_key).name
        note = f"{name}\n{size}\n{root}\n\n\u2014 {name} AAAAAAAA\n"
        seed(page, event_id, system.verifier_key, note)
        proof = open_event(page, event_id)
        expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
        expect(expect_step(proof, "history", "failed")).to_contain_text(text)
        proof.get_by_role("button", name="Forget what this browser has seen").click()
        expect(proof).to_contain_text("Verified here")


def test_a_proof_of_growth_that_cannot_be_read_leaves_a_doubt(
    page: Page, system: System, event_id: str
) -> None:
    name = VerifierKey.from_text(system.verifier_key).name
    note = f"{name}\n2\n{'A' * 43}=\n\n\u2014 {name} AAAAAAAA\n"
    seed(page, event_id, system.verifier_key, note)
    page.route("**/log/consistency?**", lambda route: route.fulfill(status=503, body="busy"))
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status").first).to_contain_text("Not proved")
    expect(expect_step(proof, "history", "notPossible")).to_contain_text("cannot be read now")


def test_a_wrong_proof_of_growth_is_refused(page: Page, system: System, event_id: str) -> None:
    expect(open_event(page, event_id)).to_contain_text("Verified here")
    publish(system, 1)

    def change(route: Route) -> None:
        proof = route.fetch().json()
        route.fulfill(json=proof | {"hashes": ["A" * 43 + "=", *proof["hashes"][1:]]})

    page.route("**/log/consistency?**", change)
    proof = open_event(page, event_id)
    expect(proof.get_by_role("alert")).to_contain_text("NOT VERIFIED")
    expect(expect_step(proof, "history", "failed")).to_contain_text("does not begin with")


def test_a_browser_without_ed25519_says_so(page: Page, event_id: str) -> None:
    page.add_init_script(DISABLE_ED25519)
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status").first).to_contain_text("Not proved")
    expect(expect_step(proof, "signature", "notPossible")).to_contain_text("Ed25519")
    expect_step(proof, "inclusion", "passed")


def test_a_browser_without_storage_says_so(page: Page, event_id: str) -> None:
    page.add_init_script(FORBID_STORAGE)
    proof = open_event(page, event_id)
    expect(proof).to_contain_text("Verified here")
    expect(proof).to_contain_text("keeps nothing for this page")


def test_an_event_that_is_not_published_yet_is_verified_later(page: Page, event_id: str) -> None:
    error = {"error": {"code": "not_published", "message": "not published yet"}}
    page.clock.install()
    page.route(
        PROOF,
        lambda route: route.fulfill(status=404, json=error, headers={"Retry-After": "1"}),
        times=1,
    )
    proof = open_event(page, event_id)
    expect(proof.get_by_role("status")).to_contain_text("Not published yet")
    page.clock.fast_forward(1_000)
    expect(proof).to_contain_text("Verified here")


def test_a_failure_can_be_tried_again(page: Page, event_id: str) -> None:
    page.route(PROOF, lambda route: route.fulfill(status=500, body="{}"), times=1)
    proof = open_event(page, event_id)
    proof.get_by_role("button", name="Try again").click()
    expect(proof).to_contain_text("Verified here")
