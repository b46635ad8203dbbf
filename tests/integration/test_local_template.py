"""On this machine, a key file takes the place of the key in KMS, which moto lacks."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.signing_key import create_key_file
from local.template import ROOT, Route, Stack, create_stack

CALL = "from local.signing_key import create_key_file as f; print(f(), f().read_bytes().hex())"
TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: functions } }
Resources:
  SigningKey: { Type: AWS::KMS::Key, Properties: { KeySpec: ECC_NIST_EDWARDS25519 } }
  Queue: { Type: AWS::SQS::Queue }
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: checkpoint.app.lambda_handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/r
      Environment:
        Variables:
          BY_ARN: !GetAtt SigningKey.Arn
          BY_ID: !Ref SigningKey
          QUEUE: !GetAtt Queue.Arn
"""

CONDITIONAL = """
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { CodeUri: functions } }
Parameters: { Wanted: { Type: String, Default: "" } }
Conditions: { IsWanted: !Equals [!Ref Wanted, "yes"] }
Resources:
  Function:
    Type: AWS::Serverless::Function
    Condition: IsWanted
    Properties:
      Handler: console.app.lambda_handler
      Runtime: python3.13
      Role: arn:aws:iam::123456789012:role/r
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      DefinitionBody:
        openapi: 3.0.1
        info: { title: api, version: "1" }
        paths:
          /page: !If
            - IsWanted
            - get:
                x-amazon-apigateway-integration:
                  type: aws_proxy
                  httpMethod: POST
                  uri: !Sub "arn:aws:apigateway:x:lambda:path/functions/${Function.Arn}/invocations"
            - !Ref AWS::NoValue
"""


def test_the_functions_that_sign_get_the_same_key_file(aws: Stack) -> None:
    keys = {
        name: function.environment["SIGNING_KEY"]
        for name, function in aws.functions.items()
        if "SIGNING_KEY" in function.environment
    }
    assert keys == dict.fromkeys(("CheckpointFunction", "VerifierFunction"), str(create_key_file()))
    assert "SigningKey" not in aws.resources


def test_every_reference_to_a_key_of_kms_is_replaced(aws: Stack, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    [function] = create_stack(path=path).functions.values()
    assert function.environment["BY_ARN"] == function.environment["BY_ID"] == str(create_key_file())
    assert function.environment["QUEUE"].startswith("arn:aws:sqs:")


def test_the_key_file_is_an_ed25519_key_that_only_this_user_can_read() -> None:
    key = load_pem_private_key(create_key_file().read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    assert stat.S_IMODE(create_key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(create_key_file().parent.stat().st_mode) == 0o700
    assert create_key_file() == create_key_file()


def test_each_process_has_its_own_key_file_and_deletes_it_at_the_end() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALL],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    path, content = done.stdout.split()
    assert not Path(path).parent.exists()
    assert bytes.fromhex(content) != create_key_file().read_bytes()


@pytest.mark.parametrize("wanted", ["yes", ""])
def test_a_function_and_its_routes_exist_under_their_condition(
    aws: Stack, tmp_path: Path, wanted: str
) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(CONDITIONAL)
    stack = create_stack({"Wanted": wanted}, path=path)
    assert set(stack.functions) == ({"Function"} if wanted else set())
    expected = (Route("GET", "/page", "Function"),) if wanted else ()
    assert stack.routes == expected
