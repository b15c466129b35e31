"""What nobody may read in a template: made by Secrets Manager, or entered there once by hand."""

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from deploy.aws.config import Environment

_TO_BE_ENTERED = "to-be-entered"
_SECRET_LENGTH = 64


class SecretValues(Construct):
    """`signing` (PULS_SECRET), `keys` (of outside services), `searxng`."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, key: kms.IKey
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self._key = key
        self.signing = self._made("Signing", "signing", "Signs visitors' cookies (PULS_SECRET)")
        self.searxng = self._made("Searxng", "searxng", "SearXNG's own secret")
        self.keys = self._secret(
            "Keys",
            "keys",
            "Keys of outside services: enter the real ones",
            secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps(dict.fromkeys(environment.keys, _TO_BE_ENTERED)),
                generate_string_key="unused",
            ),
        )

    def _made(self, name: str, path: str, what: str) -> secretsmanager.Secret:
        return self._secret(
            name,
            path,
            what,
            secretsmanager.SecretStringGenerator(
                password_length=_SECRET_LENGTH, exclude_punctuation=True
            ),
        )

    def _secret(
        self, name: str, path: str, what: str, made: secretsmanager.SecretStringGenerator
    ) -> secretsmanager.Secret:
        return secret(self, name, path, what, made, environment=self._environment, key=self._key)


def secret(
    scope: Construct,
    name: str,
    path: str,
    what: str,
    made: secretsmanager.SecretStringGenerator,
    *,
    environment: Environment,
    key: kms.IKey,
) -> secretsmanager.Secret:
    """`puls/ENV/path`, encrypted with a key of ours."""
    return secretsmanager.Secret(
        scope,
        name,
        secret_name=f"puls/{environment.name}/{path}",
        description=what,
        encryption_key=key,
        generate_secret_string=made,
        removal_policy=RemovalPolicy.RETAIN
        if environment.database.protected
        else RemovalPolicy.DESTROY,
    )


def login(scope: Construct, *, environment: Environment, key: kms.IKey) -> secretsmanager.Secret:
    """The login of Puls; the task `prepare` makes the role in PostgreSQL."""
    return secret(
        scope,
        "Login",
        "database",
        "The login of Puls, made in PostgreSQL by the task `prepare`",
        secretsmanager.SecretStringGenerator(
            secret_string_template=json.dumps({"username": "puls", "dbname": "puls"}),
            generate_string_key="password",
            password_length=40,
            exclude_punctuation=True,
        ),
        environment=environment,
        key=key,
    )
