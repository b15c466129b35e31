# One image for `puls serve`, `puls worker`, migrations and every other command. See docs/how-to/install.md.
#
# BASE is a Debian with Python 3.11 or newer as `python3` and libstdc++6, for amd64 and arm64. The digest names the index of all platforms; it was
# read in ten public Dockerfiles (Python 3.13.14; no registry is reachable where this was written) and can name nothing but an image
# of docker.io/library/python. Renovate moves it; the release workflow builds with it.
ARG BASE=docker.io/library/python:3.13-slim-bookworm@sha256:67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8

# -- Made here, thrown away: the locked packages and our own wheel, in one folder ------------------------------------
FROM ${BASE} AS made
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Nothing is compiled: a package without a wheel stops the build.
RUN python3 -m venv /opt/puls
COPY requirements/base.txt /tmp/base.txt
RUN /opt/puls/bin/python -m pip install --require-hashes --no-compile --only-binary :all: \
        --requirement /tmp/base.txt
# The wheel that `make wheel` wrote: what is released is what runs.
COPY dist/puls-*.whl /tmp/wheel/
COPY deploy/image/slim.py /tmp/slim.py
RUN /opt/puls/bin/python -m pip install --no-compile --no-deps --no-index /tmp/wheel/puls-*.whl \
    && /opt/puls/bin/python /tmp/slim.py /opt/puls \
    && /opt/puls/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/puls/lib

# -- What runs -------------------------------------------------------------------------------------------------------
FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Puls" \
      org.opencontainers.image.description="An event assistant for France" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="https://github.com/puls-events/puls" \
      org.opencontainers.image.documentation="https://github.com/puls-events/puls/tree/main/docs" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
# An account with a name: PostgreSQL's programs refuse to run for a number that has none.
RUN echo "puls:x:10001:10001:Puls:/var/lib/puls:/usr/sbin/nologin" >> /etc/passwd \
    && echo "puls:x:10001:" >> /etc/group \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/puls
COPY --from=made /opt/puls /opt/puls
COPY deploy/image/healthy.py /opt/puls/healthy.py
ENV PATH=/opt/puls/bin:$PATH \
    PULS_HOME=/var/lib/puls \
    PULS_LOG_FORMAT=json \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8
USER 10001:10001
WORKDIR /var/lib/puls
VOLUME ["/var/lib/puls"]
EXPOSE 8000
STOPSIGNAL SIGTERM
# The page's own process; whoever runs another command in it turns this off or names another check.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python3", "-I", "/opt/puls/healthy.py"]
ENTRYPOINT ["puls"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
