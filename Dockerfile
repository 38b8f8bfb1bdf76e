# The container image of the app: `make image` builds it, docs/hosting.md describes how to run it, and `make image-test` checks it.
#
# Targets: `serve`, the default, without TensorFlow; `full`, with TensorFlow, which only the Model page uses.
#
# The digest pins the base: `docker buildx imagetools inspect python:3.12-slim-bookworm` shows that of today, which has Debian's latest fixes.
ARG BASE=python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254

# This stage keeps what only the installation needs out of the image: pip, in a separate environment, and the files removed below.
FROM ${BASE} AS packages
RUN python3 -m venv /opt/pip && python3 -m venv --without-pip /opt/venv
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COMPILE=1 PIP_PYTHON=/opt/venv/bin/python PIP_ROOT_USER_ACTION=ignore
COPY requirements-serve.txt /tmp/
RUN /opt/pip/bin/pip install --quiet --require-hashes -r /tmp/requirements-serve.txt
# Remove what the app doesn't use: the packages' tests, C and C++ headers, a Jupyter extension, Arrow's Flight and S3 clients,
# and LiteRT's compilers and drivers for phones and GPUs, as inference runs on the CPU.
# Not every platform's packages contain all of these.
RUN cd /opt/venv/lib/python3*/site-packages \
 && find . -type d -name tests -prune -exec rm -r {} + \
 && rm -rf pyarrow/include pyarrow/*flight* pyarrow/*s3* pydeck/nbextension \
           ai_edge_litert/tools ai_edge_litert/vendors ai_edge_litert/libLiteRtWebGpuAccelerator.so
# Compile now, as nothing can be written at run time; unchecked hashes, as the sources never change.
RUN /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM packages AS packages-full
COPY requirements.txt /tmp/
RUN /opt/pip/bin/pip install --quiet --require-hashes -r /tmp/requirements.txt \
 && /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM packages AS app
WORKDIR /app
COPY streamlit_app.py LICENSE NOTICE ./
COPY .streamlit/config.toml .streamlit/
COPY pages pages
COPY samples samples
COPY deploy/healthcheck.py deploy/
COPY model/__init__.py model/compare.py model/
COPY digitcore digitcore
COPY app app
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash .

FROM app AS app-full
COPY model/architecture.py model/artefacts.py model/peer.py model/digits.keras model/
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash model

FROM ${BASE} AS runtime
# The licences are those of all that the image contains, the main ones: see NOTICE. The project itself is under the MIT licence.
LABEL org.opencontainers.image.title="Digit reader" \
      org.opencontainers.image.description="Reads handwritten digits, drawn or photographed: pages and HTTP API." \
      org.opencontainers.image.licenses="MIT AND Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND GPL-2.0-or-later AND GPL-3.0-or-later \
AND GPL-3.0-or-later WITH GCC-exception-3.1 AND LGPL-2.0-or-later AND LGPL-2.1-or-later AND LGPL-3.0-or-later AND MPL-2.0 AND OpenSSL \
AND LicenseRef-Intel-Simplified-Software-License"
ENV PATH=/opt/venv/bin:${PATH} \
    # Write log lines immediately; neither compile nor write anything at run time.
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    # The user has no home folder. The root file system may be read-only, as the app writes nothing; batch processing and TensorFlow
    # then need a tmpfs on /tmp.
    HOME=/tmp \
    # Where the app listens: on all interfaces of the container, since a published port and other containers reach no other address. It is the
    # port that is published (`-p 127.0.0.1:8501:8501`), and the container's networks, that decide who reaches it. The app bounds connections
    # and sends its security headers itself, but has no accounts and no TLS. The health check reads the same variables.
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    # The files of the image never change, so don't watch them.
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none
WORKDIR /app
# A numeric id, so that an orchestrator can verify that it isn't root. The user owns no file of the image.
USER 10001:10001
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python3", "-I", "-S", "/app/deploy/healthcheck.py"]
# Without a shell, so that the app receives SIGTERM itself; it then closes its visitors' connections and exits.
CMD ["python", "-m", "app"]

FROM runtime AS full
COPY --from=packages-full /opt/venv /opt/venv
COPY --from=app-full /app /app

# The last stage is built if no target is given.
FROM runtime AS serve
COPY --from=packages /opt/venv /opt/venv
COPY --from=app /app /app
