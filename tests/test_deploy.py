"""The container files say what they must; building them needs a Docker engine and is not tried."""

import re

from backend.yamlfile import read_yaml
from tests.live import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_compose_runs_the_app_read_only_without_privileges_and_lets_it_drain() -> None:
    app = read_yaml(ROOT / "docker-compose.yml").value["services"]["app"]
    assert app["read_only"] is True
    assert app["cap_drop"] == ["ALL"]
    assert app["security_opt"] == ["no-new-privileges:true"]
    assert int(app["stop_grace_period"].removesuffix("s")) > 25
    assert all(port.startswith("127.0.0.1:") for port in app["ports"])


def test_the_database_is_on_a_volume_that_the_process_may_write_to() -> None:
    compose = read_yaml(ROOT / "docker-compose.yml").value
    (mount,) = compose["services"]["app"]["volumes"]
    volume, _, folder = mount.partition(":")
    assert volume in compose["volumes"]
    address = f"sqlite+aiosqlite:///{folder}/walkin.db"
    assert compose["services"]["app"]["environment"]["WALKIN_DATABASE_URL"].endswith(address + "}")
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert f"WALKIN_DATABASE_URL={address}\n" in last_stage
    assert f"--owner 10001 --mode 0700 {folder}\n" in last_stage


def test_the_image_is_not_run_by_root_and_has_a_health_check() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER [1-9][0-9]*$", last_stage, re.MULTILINE)
    assert "HEALTHCHECK" in last_stage
    assert "/healthz" in last_stage


def test_everything_that_the_image_copies_from_the_checkout_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert {name for name in names if not (ROOT / name).exists()} == set()


def test_compose_passes_only_settings_that_exist() -> None:
    app = read_yaml(ROOT / "docker-compose.yml").value["services"]["app"]
    settings = (ROOT / "backend" / "settings.py").read_text()
    for name in app["environment"]:
        field = name.lower() if name.startswith("OPENAI_") else name.removeprefix("WALKIN_").lower()
        assert f"{field}:" in settings
