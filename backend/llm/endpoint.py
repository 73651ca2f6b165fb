"""The client of a provider, built once: where it connects, and with which key."""

from typing import Final

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient

from backend.errors import ConfigurationError

NO_KEY: Final = "none"


def open_client(api_key: str | None, base_url: str | None) -> AsyncOpenAI:
    """Return a client for a provider: redirects not followed, nothing retried by itself.

    Args:
        api_key: the secret, white space around it dropped; an endpoint of one's own may want none.
        base_url: such as ``http://127.0.0.1:11434/v1``; None for OpenAI's.

    Raises:
        ConfigurationError: ``base_url`` is not an HTTP address, or holds a password; or the key
            is nothing that a header can carry.
    """
    key = check_endpoint(api_key, base_url)
    http_client = DefaultAioHttpClient(
        follow_redirects=False, event_hooks={"response": [_drop_refusal]}
    )
    return AsyncOpenAI(api_key=key, base_url=base_url, http_client=http_client, max_retries=0)


def check_endpoint(api_key: str | None, base_url: str | None) -> str:
    """Return the key that is sent, if a client can be opened with it at this address.

    Raises:
        ConfigurationError: as ``open_client``.
    """
    _check_address(base_url)
    key = NO_KEY if api_key is None else api_key.strip()
    _check_key(key)
    return key


async def _drop_refusal(response: httpx2.Response) -> None:
    # a refusal is judged by its status: its body may be endless, and is for nobody's eyes
    if not response.is_success:
        await response.aclose()


def _check_address(base_url: str | None) -> None:
    if base_url is None:
        return
    try:
        url = httpx2.URL(base_url)
        url.host.encode("idna")  # the transport would stumble over it at the first question
    except (httpx2.InvalidURL, UnicodeError):
        raise ConfigurationError(
            "OPENAI_BASE_URL: expected an address, it can not be read"
        ) from None
    if base_url.split() != [base_url]:
        raise ConfigurationError("OPENAI_BASE_URL: expected an address without a space")
    if url.scheme not in {"http", "https"} or not url.host:
        raise ConfigurationError(
            "OPENAI_BASE_URL: expected an address that begins http:// or https://"
        )
    if url.userinfo:
        raise ConfigurationError(
            "OPENAI_BASE_URL: expected no user name or password; the key goes into OPENAI_API_KEY"
        )


def _check_key(key: str) -> None:
    if not key or not all("!" <= character <= "~" for character in key):
        raise ConfigurationError(
            "OPENAI_API_KEY: expected letters, digits and signs of ASCII without a space"
        )
