"""The IAM service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from honmono.services.iam.account import Account
from honmono.services.iam.attachments import Attachments
from honmono.services.iam.credentials import Credentials
from honmono.services.iam.identity_providers import IdentityProviders
from honmono.services.iam.policies import Policies
from honmono.services.iam.roles import InstanceProfiles, Roles
from honmono.services.iam.simulation import Simulation
from honmono.services.iam.users import Groups, Users
from honmono.services.platform import Platform
from honmono.wire.service import Chore, Service


class Iam(
    Users,
    Groups,
    Roles,
    InstanceProfiles,
    Policies,
    Attachments,
    Credentials,
    Account,
    IdentityProviders,
    Simulation,
    Service,
):
    """AWS Identity and Access Management: users, groups, roles, keys and policies.

    Policies are stored, checked and simulated, and guard the passing of roles; other requests are not authorised by
    them.
    """

    name = "iam"
    validation_code: ClassVar[str] = "ValidationError"

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.records = platform.records
        self.database = platform.database
        self.keys = platform.keys

    def chores(self) -> Iterable[Chore]:
        """Temporary credentials are forgotten some time after their end."""
        yield Chore("sweep temporary credentials", 86_400, self.keys.sweep)
