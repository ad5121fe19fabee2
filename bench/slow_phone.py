"""Open a page in a Chromium made as slow as a cheap phone, and say what it cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

KINDS = ("HTML", "CSS", "JS", "font", "altro")
_KIND = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "font"}
_CPU = 4  # times slower
_NETWORK = {
    "offline": False,
    "latency": 150,  # ms, there and back
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
_OBSERVE = """
globalThis.seen = { lcp: 0, cls: 0 };
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) seen.lcp = entry.startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
_TIMES = """() => ({
    ...seen,
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    blocking: 1 + performance.getEntriesByType('resource')
        .filter(entry => entry.renderBlockingStatus === 'blocking').length,
})"""


@dataclass(frozen=True, slots=True)
class Visit:
    """`bytes` by kind as they came over the network; times in seconds; unused: shares of 1.

    `blocking` counts the requests that the first paint waits for, the page's own among them.
    """

    bytes: Counter[str]
    requests: int
    blocking: int
    fcp: float
    lcp: float
    cls: float
    unused_css: float
    unused_js: float


@contextmanager
def phone() -> Iterator[Browser]:
    """Debian's Chromium, which makes no request of its own."""
    flags = ("no-sandbox", "disable-gpu", "disable-background-networking", "disable-sync",
             "disable-component-update", "no-first-run")  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=[f"--{flag}" for flag in flags]
        )
        yield browser
        browser.close()


def visit(browser: Browser, address: str) -> Visit:
    """Open a page with an empty cache on a slow phone and wait until nothing comes any more."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    page.add_init_script(_OBSERVE)
    client = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    sheets: dict[str, int] = {}

    def finished(event: dict[str, Any]) -> None:
        sizes[kinds.get(event["requestId"], "altro")] += int(event["encodedDataLength"])

    def response(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = _KIND.get(event["type"], "altro")

    def sheet(event: dict[str, Any]) -> None:
        sheets[event["header"]["styleSheetId"]] = int(event["header"]["length"])

    client.on("Network.responseReceived", response)
    client.on("Network.loadingFinished", finished)
    client.on("CSS.styleSheetAdded", sheet)
    _slow_down(client)
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(500)
    times = page.evaluate(_TIMES)
    scripts = client.send("Profiler.takePreciseCoverage")["result"]
    rules = client.send("CSS.stopRuleUsageTracking")["ruleUsage"]
    context.close()
    return Visit(
        sizes, len(kinds), times["blocking"], times["fcp"] / 1000, times["lcp"] / 1000,
        times["cls"], _unused_css(sheets, rules), _unused_js(scripts, address),
    )  # fmt: skip


def _slow_down(client: CDPSession) -> None:
    for domain in ("Network", "DOM", "CSS", "Profiler"):
        client.send(f"{domain}.enable")
    client.send("CSS.startRuleUsageTracking")
    client.send("Profiler.startPreciseCoverage", {"callCount": False, "detailed": True})
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    client.send("Network.emulateNetworkConditions", _NETWORK)
    client.send("Emulation.setCPUThrottlingRate", {"rate": _CPU})


def _unused_css(sheets: dict[str, int], rules: Sequence[dict[str, Any]]) -> float:
    used = {
        (rule["styleSheetId"], rule["startOffset"], rule["endOffset"])
        for rule in rules
        if rule["used"] and rule["styleSheetId"] in sheets
    }
    total = sum(sheets.values())
    return 1 - sum(end - start for _, start, end in used) / total if total else 0.0


def _unused_js(scripts: Sequence[dict[str, Any]], address: str) -> float:
    """The share of the site's script characters that never ran."""
    origin = "/".join(address.split("/")[:3])
    total = never = 0
    for script in scripts:
        if not script["url"].startswith(origin):
            continue
        ranges = [part for function in script["functions"] for part in function["ranges"]]
        # An inner range says more than the one around it: paint from the outermost.
        ranges.sort(key=lambda part: (part["startOffset"], -part["endOffset"]))
        ran = bytearray(max(part["endOffset"] for part in ranges))
        for part in ranges:
            start, end = part["startOffset"], part["endOffset"]
            ran[start:end] = bytes([part["count"] > 0]) * (end - start)
        total += len(ran)
        never += ran.count(0)
    return never / total if total else 0.0
