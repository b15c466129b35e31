#!/bin/sh
# What `make check-aws` runs, under its limit of seconds: the rules of others, then our own on the same templates.
set -eu
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1 JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION=1
"$AWS_VENV/bin/python" -m deploy.aws.checks.findings "$AWS_TEMPLATES"
AWS_TEMPLATES="$(cd "$AWS_TEMPLATES" && pwd)" PYTHONPATH=. "$AWS_VENV/bin/python" -m pytest -q \
    -c /dev/null --rootdir=. --confcutdir=tests/deploy/aws -p no:cacheprovider --import-mode=importlib tests/deploy/aws
