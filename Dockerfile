# The page and the wheel are built in stages of their own; what runs has neither Node nor pip's cache.
FROM node:22-slim AS page
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.13-slim AS wheel
WORKDIR /src
COPY requirements.txt pyproject.toml README.md CHANGELOG.md ./
COPY tools/ tools/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY backend/ backend/
COPY prompts/ prompts/
COPY --from=page /src/frontend/build frontend/build
RUN /venv/bin/python -m hatchling build -t wheel \
 && python -m venv /app \
 && /venv/bin/pip --python /app/bin/python install --no-cache-dir --require-hashes -r tools/runtime.txt \
 && /venv/bin/pip --python /app/bin/python install --no-cache-dir --no-deps dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home walkin \
 && install --directory --owner 10001 --mode 0700 /var/lib/walkin
COPY --from=wheel /app /app
USER 10001
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    WALKIN_DATABASE_URL=sqlite+aiosqlite:////var/lib/walkin/walkin.db
VOLUME /var/lib/walkin
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["/app/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# SIGTERM drains for up to 15 s; the process is gone within 25
STOPSIGNAL SIGTERM
CMD ["/app/bin/walkin", "serve", "--host", "0.0.0.0", "--port", "8000"]
