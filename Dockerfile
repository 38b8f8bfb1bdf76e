# The app in a container: `make image`. docs/hosting.md says how to run it, and how to check it.
#
# Targets: `serve`, the default, without TensorFlow; `full`, with it, for which the Model page alone has a use.
ARG BASE=python:3.12-slim-bookworm

# What only installing needs stays in this stage: pip, which has a place of its own, and what is trimmed below.
FROM ${BASE} AS packages
RUN python3 -m venv /opt/pip && python3 -m venv --without-pip /opt/venv
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_COMPILE=1 PIP_PYTHON=/opt/venv/bin/python PIP_ROOT_USER_ACTION=ignore
COPY requirements-serve.txt /tmp/
RUN /opt/pip/bin/pip install --quiet -r /tmp/requirements-serve.txt
# Without what has no use here: the packages' own tests, headers for compilers, an extension of Jupyter, Arrow's clients of
# Flight and S3, and LiteRT's compilers and drivers for telephones and graphics cards, as it reads on the processor.
# Not every platform's packages have all of that.
RUN cd /opt/venv/lib/python3*/site-packages \
 && find . -type d -name tests -prune -exec rm -r {} + \
 && rm -rf pyarrow/include pyarrow/*flight* pyarrow/*s3* pydeck/nbextension \
           ai_edge_litert/tools ai_edge_litert/vendors ai_edge_litert/libLiteRtWebGpuAccelerator.so
# Compiled now, as nothing can be written later, and never compared with its source again.
RUN /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM packages AS packages-full
COPY requirements.txt /tmp/
RUN /opt/pip/bin/pip install --quiet -r /tmp/requirements.txt \
 && /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib

FROM packages AS app
WORKDIR /app
COPY streamlit_app.py ./
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
LABEL org.opencontainers.image.title="Digit reader" \
      org.opencontainers.image.description="Reads handwritten digits, drawn or photographed: pages and HTTP API." \
      org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/venv/bin:${PATH} \
    # Log lines at once; nothing is compiled, nor written, at run time.
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    # Nobody's home. The root file system may be read-only: the app writes nothing. Bulk work and TensorFlow want a tmpfs on /tmp then.
    HOME=/tmp \
    # Where the app listens. Another port is also known to the health check.
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    # The image never changes, so nothing watches its files.
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none
WORKDIR /app
# A number, so that an orchestrator can see that it isn't root; it owns no file of the image.
USER 10001:10001
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python3", "-I", "-S", "/app/deploy/healthcheck.py"]
# Without a shell: the app gets SIGTERM itself, says good-bye to its visitors and ends.
CMD ["streamlit", "run", "streamlit_app.py"]

FROM runtime AS full
COPY --from=packages-full /opt/venv /opt/venv
COPY --from=app-full /app /app

# The last one is what is built where no target is named.
FROM runtime AS serve
COPY --from=packages /opt/venv /opt/venv
COPY --from=app /app /app
