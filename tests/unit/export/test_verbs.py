"""The verbs of actions: real action names of six products, each with what it does."""

from collections.abc import Iterator, Mapping

import pytest

from prooftrail.event.model import AuditAction
from prooftrail.export import ecs, ocsf
from prooftrail.export.verbs import (
    _ALSO_NOUNS,
    _VERBS,
    _VERBS_OF,
    Operation,
    find_operation,
    split_words,
)

# Sources: the operation names in botocore's models; GitHub, "Audit log events for your
# organization"; Okta, okta-event-types.csv; Kubernetes audit as Google Cloud names it, and
# Google's AUDIT_CATALOG.md; Azure, "Azure permissions", and the operations of Key Vault and Entra.
ACTIONS: Mapping[str, Mapping[Operation | None, str]] = {
    "AWS CloudTrail": {
        Operation.LOGIN: "ConsoleLogin UserAuthentication Authenticate",
        Operation.LOGOUT: "Logout GlobalSignOut AdminUserGlobalSignOut",
        Operation.CREATE: "CreateUser CreateAccessKey CreateBucket CreateDBInstance "
        "CreateFunction20150331 CreateLoginProfile CreateKeyPair CreateStack CreateTrail "
        "CreateVirtualMFADevice AddUserToGroup AddPermission20150331v2 AddTags AdminCreateUser "
        "AllocateAddress BatchCreatePartition CopySnapshot CopyObject ImportKeyPair "
        "ImportCertificate RegisterTaskDefinition RegisterDomain RunInstances SignUp "
        "ProvisionProduct UploadServerCertificate",
        Operation.READ: "BatchGetItem BatchGetImage DescribeInstances DescribeDBSnapshots "
        "DescribeStackResources DownloadDBLogFilePortion ExportTableToPointInTime GetObject "
        "GetCallerIdentity GetSecretValue GetBucketAcl GetParametersByPath GetSigninToken "
        "GetPasswordData HeadObject HeadBucket ListBuckets ListUsers ListAccessKeys "
        "ListFunctions20150331 LookupEvents Query RetrieveTapeArchive Scan SearchResources "
        "ListTagsForResource GetAccountAuthorizationDetails GetLoginProfile IsMemberInGroups",
        Operation.UPDATE: "AssociateAddress AttachRolePolicy AttachVolume ChangePassword "
        "ChangeResourceRecordSets ConfigureHealthCheck DetachUserPolicy DisassociateAddress "
        "ModifyDBInstance ModifyInstanceAttribute PutBucketPolicy PutObject PutRolePolicy "
        "PutMetricAlarm ReplaceRoute ResetImageAttribute RevokeSecurityGroupIngress RotateSecret "
        "SetDefaultPolicyVersion SetSecurityGroups TagResource TransactWriteItems UntagResource "
        "UpdateAssumeRolePolicy UpdateFunctionCode20150331v2 UpdateStack UpdateLoginProfile "
        "UpdateAccountSendingEnabled",
        Operation.DELETE: "BatchDeleteImage DeleteBucket DeleteTrail DeleteUser DeleteDBInstance "
        "DeleteFunction20150331 DeleteAccountPasswordPolicy DeregisterImage DeregisterTargets "
        "RemoveTags RemoveUserFromGroup TerminateInstances UnregisterConnector PurgeQueue",
        Operation.MOVE: "MoveAccount MoveByoipCidrToIpam",
        Operation.ENABLE: "EnableKey EnableMFADevice EnableAlarmActions BatchEnableStandards",
        Operation.DISABLE: "DisableKey DisableRule DisableSecurityHub",
        Operation.ACTIVATE: "ActivateGateway ActivateUser",
        Operation.DEACTIVATE: "DeactivateMFADevice",
        Operation.SUSPEND: "SuspendProcesses",
        Operation.RESUME: "ResumeProcesses ResumeSession",
        None: "AbortMultipartUpload AcceptVpcPeeringConnection AssumeRole AssumeRoleWithSAML "
        "AuthorizeSecurityGroupIngress CancelKeyDeletion CompleteMultipartUpload ConfirmSignUp "
        "Decrypt Encrypt Federate GenerateDataKey InitiateAuth Invoke Publish RebootInstances "
        "RejectHandshake ScheduleKeyDeletion SendCommand SendMessage StartInstances StopInstances "
        "StartLogging StopLogging StartRemoteDelete SwitchRole ValidateTemplate VerifyEmailAddress",
    },
    "GitHub": {
        Operation.LOGIN: "user.login user.failed_login",
        Operation.LOGOUT: "user.logout",
        Operation.CREATE: "repo.create hook.create org.add_member team.add_repository "
        "protected_branch.create repo.add_topic oauth_access.create "
        "environment.create_actions_secret workflows.created_workflow_run",
        Operation.READ: "git.clone git.fetch repo.download_zip",
        Operation.UPDATE: "repo.access git.push hook.config_changed hook.events_changed "
        "org.update_member team.change_privacy org.update_default_repository_permission "
        "business.set_actions_retention_limit oauth_application.reset_secret account.plan_change "
        "personal_access_token.access_granted personal_access_token.access_revoked",
        Operation.DELETE: "repo.destroy hook.destroy org.remove_member issue_comment.destroy "
        "project.delete org.runner_group_removed",
        Operation.MOVE: "repo.rename",
        Operation.ENABLE: "two_factor_authentication.enabled org.enable_saml "
        "secret_scanning.enable",
        Operation.DISABLE: "two_factor_authentication.disabled dependabot_alerts.disable "
        "org.disable_two_factor_requirement checks.auto_trigger_disabled",
        None: "repo.transfer repo.archived org.block_user org.invite_member pull_request.merge "
        "org.oauth_app_access_approved org.oauth_app_access_denied "
        "protected_branch.policy_override org.audit_log_export repo.self_hosted_runner_online",
    },
    "Okta": {
        Operation.LOGIN: "user.session.start user.authentication.sso",
        Operation.LOGOUT: "user.session.end",
        Operation.CREATE: "user.lifecycle.create group.user_membership.add system.api_token.create "
        "app.user_management.provision_user application.user_membership.add "
        "workflows.user.flow.import",
        Operation.READ: "system.idp.lifecycle.read_client_secret user.session.access_admin_app "
        "workflows.user.flow.export analytics.reports.export.download",
        Operation.UPDATE: "user.account.update_password user.account.reset_password "
        "policy.rule.update zone.update user.account.privilege.grant app.oauth2.token.revoke "
        "system.import.roadblock.updated account.org_group.org.assign",
        Operation.DELETE: "user.lifecycle.delete.completed.remove group.user_membership.remove "
        "system.idp.key.delete",
        Operation.MOVE: "workflows.user.flow.move workflows.user.folder.rename",
        Operation.ENROLL: "device.lifecycle.enroll",
        Operation.ACTIVATE: "user.mfa.factor.activate policy.lifecycle.activate",
        Operation.DEACTIVATE: "user.lifecycle.deactivate user.mfa.factor.deactivate",
        Operation.SUSPEND: "user.lifecycle.suspend",
        Operation.RESUME: "user.lifecycle.unsuspend system.import.roadblock.resume",
        None: "account.org.delete.request account.org.delete.cancel access.review.remediate "
        "access.review.action access.request.expire user.authentication.auth_via_mfa "
        "user.account.lock user.import.password system.import.download.start "
        "user.mfa.okta_verify.deny_push security.threat.detected "
        "app.oauth2.as.token.grant.access_token",
    },
    "Kubernetes": {
        Operation.CREATE: "io.k8s.core.v1.pods.create io.k8s.core.v1.secrets.create "
        "io.k8s.authorization.rbac.v1.rolebindings.create pods/create create:pods create-namespace "
        "io.k8s.core.v1.serviceaccounts.token.create",
        Operation.READ: "io.k8s.core.v1.secrets.get io.k8s.core.v1.pods.list pods.watch "
        "get:secrets "
        "io.k8s.core.v1.pods.log.get",
        Operation.UPDATE: "io.k8s.apps.v1.deployments.update io.k8s.apps.v1.deployments.patch "
        "io.k8s.core.v1.nodes.status.patch io.k8s.apps.v1.deployments.scale.update "
        "apiserver.ApiServerUpdate",
        Operation.DELETE: "io.k8s.core.v1.pods.delete io.k8s.core.v1.pods.deletecollection "
        "namespaces/delete delete:pods apiserver.ApiServerDelete",
        None: "io.k8s.core.v1.pods.exec.create pods/exec pods/attach pods/exec.create "
        "io.k8s.core.v1.pods.attach.create io.k8s.core.v1.pods.portforward.create "
        "io.k8s.core.v1.pods.eviction.create io.k8s.core.v1.services.proxy.get get:pods/exec",
    },
    "Google Cloud": {
        Operation.LOGIN: "google.login.LoginService.loginSuccess "
        "google.login.LoginService.loginFailure",
        Operation.LOGOUT: "google.login.LoginService.logout",
        Operation.CREATE: "google.iam.admin.v1.CreateServiceAccountKey v1.compute.instances.insert "
        "storage.buckets.create google.admin.AdminService.createUser jobservice.insert "
        "google.cloud.bigquery.v2.JobService.InsertJob google.admin.AdminService.labelCreated",
        Operation.READ: "storage.objects.get storage.objects.list "
        "v1.compute.instances.aggregatedList "
        "google.cloud.secretmanager.v1.SecretManagerService.AccessSecretVersion "
        "google.logging.v2.ConfigServiceV2.GetSink v1.compute.projects.getIamPolicy "
        "google.admin.AdminService.groupMembersDownload",
        Operation.UPDATE: "google.cloud.resourcemanager.v3.Projects.SetIamPolicy SetIamPolicy "
        "storage.setIamPermissions v1.compute.instances.setMetadata v1.compute.firewalls.patch "
        "google.container.v1.ClusterManager.SetNodePoolSize v1.compute.instances.attachDisk "
        "google.admin.AdminService.changePassword v1.compute.instances.setDiskAutoDelete",
        Operation.DELETE: "v1.compute.instances.delete "
        "google.logging.v2.ConfigServiceV2.DeleteSink "
        "google.iam.admin.v1.DeleteServiceAccount v1.compute.instances.removeResourcePolicies",
        Operation.MOVE: "v1.compute.projects.moveInstance",
        Operation.ENABLE: "google.iam.admin.v1.EnableServiceAccount",
        Operation.DISABLE: "google.iam.admin.v1.DisableServiceAccountKey "
        "google.login.LoginService.2svDisable",
        Operation.SUSPEND: "v1.compute.instances.suspend",
        Operation.RESUME: "v1.compute.instances.resume",
        None: "google.iam.credentials.v1.GenerateAccessToken Docker-CancelUpload "
        "google.cloud.kms.v1.KeyManagementService.AsymmetricDecrypt v1.compute.instances.start "
        "google.login.LoginService.loginChallenge "
        "google.admin.AdminService.allowStrongAuthentication AuthorizeUser "
        "jobservice.jobcompleted",
    },
    "Azure": {
        Operation.LOGIN: "UserLoggedIn Sign-in",
        Operation.CREATE: "Add-user AddMemberToRole microsoft.app/register/action "
        "Microsoft.KeyVault/vaults/keys/create/action",
        Operation.READ: "Microsoft.Storage/storageAccounts/listKeys/action SecretGet KeyGet "
        "Microsoft.Compute/virtualMachines/read MICROSOFT.COMPUTE/DISKS/READ "
        "Microsoft.KeyVault/vaults/secrets/getSecret/action FileDownloaded FileAccessed",
        Operation.UPDATE: "Microsoft.Compute/virtualMachines/write "
        "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/SECURITYRULES/WRITE "
        "Microsoft.Authorization/roleAssignments/write Update-application Reset-user-password "
        "ChangeUserPassword FileModified",
        Operation.DELETE: "Microsoft.Compute/virtualMachines/delete VaultDelete SecretPurge "
        "MICROSOFT.RESOURCES/SUBSCRIPTIONS/RESOURCEGROUPS/DELETE Remove-member-from-role "
        "microsoft.app/unregister/action",
        Operation.ACTIVATE: "microsoft.app/containerapps/revisions/activate/action",
        Operation.DEACTIVATE: "microsoft.app/containerapps/revisions/deactivate/action",
        Operation.SUSPEND: "microsoft.app/jobs/suspend/action",
        Operation.RESUME: "microsoft.app/jobs/resume/action",
        None: "Microsoft.Authorization/elevateAccess/action KeyBackup SecretList "
        "Microsoft.Compute/virtualMachines/start/action microsoft.app/jobs/stop/execution/action "
        "Microsoft.Compute/virtualMachines/runCommand/action "
        "microsoft.app/containerapps/authtoken/action "
        "microsoft.app/connectedenvironments/join/action microsoft.app/logicApps/invoke/action",
    },
    "applications": {
        Operation.LOGIN: "auth.login_failed login-attempt LoginWithSSO user.sign_in signIn "
        "USER_LOGIN "
        "log_in session.login.success user.authenticated",
        Operation.LOGOUT: "user.signed_out sign-out session.logged_out",
        Operation.CREATE: "userCreate order_created access_key.create AccessKeyCreated list-create "
        "user.signup file.upload",
        Operation.READ: "admin.access report.view invoice_viewed fileDownload",
        Operation.UPDATE: "role_assign password-reset volume.attach PasswordChange "
        "user.email.changed set_enabled",
        Operation.DELETE: "tag-delete session.delete cart:item:removed",
        Operation.ENABLE: "feature_enabled",
        None: "order.approve order.cancelled x system.maintenance delete_requested "
        "delete.request loginPage start 123 a._-b update_rejected access_denied payment.transfer "
        "ship release.publish contract.sign_off timesheet.signed_off SignOff",
    },
}
UNCERTAIN = {AuditAction.CODE_REPORT, AuditAction.CODE_VERIFY, AuditAction.SYSTEM_MAINTENANCE}


def list_actions(product: str | None = None) -> Iterator[tuple[str, Operation | None]]:
    """Yield the actions of a product, or of all, with what each does."""
    for name, table in ACTIONS.items():
        if product in (None, name):
            for operation, actions in table.items():
                yield from ((action, operation) for action in actions.split())


@pytest.mark.parametrize("product", ACTIONS)
def test_every_action_has_its_operation(product: str) -> None:
    found = {action: find_operation(action) for action, _ in list_actions(product)}
    assert found == dict(list_actions(product))


def test_the_samples_are_enough() -> None:
    counts = {product: len(list(list_actions(product))) for product in ACTIONS}
    assert counts["AWS CloudTrail"] >= 100
    assert all(count >= 20 for count in counts.values())


def test_most_actions_are_classified() -> None:
    actions = [action for action, _ in list_actions("AWS CloudTrail")]
    assert sum(find_operation(action) is not None for action in actions) > 0.75 * len(actions)


def test_every_well_known_action_but_three_has_an_operation() -> None:
    assert {action for action in AuditAction if find_operation(action) is None} == UNCERTAIN


def test_every_operation_has_an_activity_and_a_type() -> None:
    for operation in Operation:
        assert (operation in ocsf.LOGONS) is not (operation in ocsf.ACTIVITIES)
        assert (operation in ecs.LOGONS) is not (operation in ecs.TYPES)


def test_a_verb_is_in_the_table_once() -> None:
    verbs = [verb for group in _VERBS_OF.values() for verb in group.split()]
    assert len(verbs) == len(set(verbs)) == len(_VERBS)
    assert set(verbs) >= _ALSO_NOUNS


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("DeleteDBInstance", "delete db instance"),
        ("UpdateFunctionCode20150331v2", "update function code v"),
        ("Microsoft.Compute/virtualMachines", "microsoft compute virtual machines"),
        ("MICROSOFT.COMPUTE", "microsoft compute"),
        ("a:b_c-d..e", "a b c d e"),
        ("123", ""),
    ],
)
def test_words(name: str, words: str) -> None:
    assert split_words(name) == words.split()
