"""Find a Chromium for the browser tests, or install one.

A machine's own Chromium comes first. Then Playwright's download is tried; where no such
download can be reached, Debian's package is installed if that is possible without a password.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """See to it that there is a browser, or say how to get one."""
    if found() or playwright_download() or debian_package():
        return
    sys.exit("The browser tests want Chromium: install your system's `chromium` package.")


def found() -> bool:
    """Return whether the machine has a Chromium by one of its usual names."""
    return any(shutil.which(name) for name in NAMES)


def playwright_download() -> bool:
    """Return whether Playwright could install its own Chromium."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def debian_package() -> bool:
    """Return whether Debian's package could be installed by this user."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            return False
    return found()


if __name__ == "__main__":
    main()
