"""The vectors of the console's verifier are those that the Python code makes."""

from tests.support.verifier_vectors import TARGET, format_vectors


def test_the_committed_vectors_are_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == format_vectors(), (
        "run `python -m tests.support.verifier_vectors`"
    )
