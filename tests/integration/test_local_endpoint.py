"""The local AWS endpoint continues to serve after faulty requests."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection

import boto3
import pytest

from local import endpoint


@pytest.fixture
def port() -> Iterator[int]:
    with endpoint.serve_aws("127.0.0.1", 0, endpoint.Faults()) as port:
        yield port


def _is_serving(port: int) -> bool:
    with closing(boto3.client("sqs", endpoint_url=f"http://127.0.0.1:{port}")) as queues:
        url = queues.create_queue(QueueName="q")["QueueUrl"]
        queues.send_message(QueueUrl=url, MessageBody="m")
        return len(queues.receive_message(QueueUrl=url)["Messages"]) == 1


def test_a_client_that_sends_half_a_body_does_not_block_others(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
        assert _is_serving(port)


def test_a_response_follows_a_body_that_is_not_a_request(port: int) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/", body=b"\xff\xfe" + os.urandom(100_000), headers=form)
        connection.getresponse().read()
    assert _is_serving(port)


def test_a_throttled_operation_is_refused_the_given_number_of_times() -> None:
    faults = endpoint.Faults()
    faults.throttle("BatchWriteItem", 2)
    target = "DynamoDB_20120810.BatchWriteItem"
    assert [faults.refuses(target) for _ in range(3)] == [True, True, False]
    assert not faults.refuses("DynamoDB_20120810.Query")
