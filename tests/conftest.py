from collections.abc import Generator

import pytest

from tests.live import Server, running


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server, None, None]:
    """A service with nothing configured, shared by tests that leave it as it was."""
    with running(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture(scope="session")
def paced_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server, None, None]:
    """The same with a built-in model that takes 20 ms a token, so that replies can be met."""
    folder = tmp_path_factory.mktemp("paced")
    with running(folder, WALKIN_BUILTIN_PACE_MS="20", WALKIN_MESSAGES_PER_MINUTE="10000") as one:
        yield one
