"""axe-core, from the page's own development packages, run in the page."""

from playwright.sync_api import Page

from tests.live import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# animations change colours on their way, and a colour in between is nobody's to judge
_RUN = """async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const { violations } = await axe.run();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}"""


def faults(page: Page) -> list[str]:
    """Return every fault that axe-core finds in what is shown now."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(_RUN)
    return found
