#!/usr/bin/env python3
"""The page of `dedupe --report`, used in a headless Chromium as a reader uses it.

    cargo build --examples
    tests/browser/report.py [PICTURES]

Needs Python's standard library, chromium and chromedriver, and says so where these are missing.
With a folder PICTURES, screenshots go there.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from browser import ENTER, ESCAPE, TAB, Browser, program

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/examples"

BRIDGE = (
    "The council will close the old bridge over the Lenne from Monday, so that masons can replace "
    "the worn keystones before the autumn floods. Traffic is led over the weir road, which is "
    "narrow and has no footway. Farmers had asked for another week, as the hay is still out, but "
    "the engineer would not hear of it."
)

QUAY = [
    "Pilots at the river mouth say that the new quay was built a fathom too short for the grain "
    "ships that it was meant for, and that three captains have refused to moor there since Easter.",
    "The harbour master answers that the ships have grown, not the quay shrunk, and that tugs can "
    "hold any stern that sticks out into the stream.",
    "Beyond the bar the sounding boat has found the shoals a cable further east than the chart of "
    "the survey has them, so that the green buoy now marks deep water and the deep water nothing.",
    "A new chart was promised for the autumn by an office that has, as of this morning, neither a "
    "boat nor anybody to put into it.",
]

# Each would set `hostile`, or end an element, if any of it became markup, script or template.
HOSTILE = [
    "</script><script>window.hostile = 1</script>",
    "<img src=x onerror='window.hostile = 2'>",
    "<!--<script>",
    "]]>\u2028\u2029",
    "{{ constructor.constructor('window.hostile = 3')() }}",
    "<svg onload='window.hostile = 4'>",
    "javascript:window.hostile=5",
]

ARABIC = (
    "أعلن مجلس المدينة يوم الاثنين إغلاق الجسر القديم فوق النهر لمدة ثلاثة أشهر من أجل ترميمه قبل "
    "فيضانات الخريف، وقال المهندس إن الحجارة القديمة لم تعد تحتمل حركة الشاحنات الثقيلة. وستحول "
    "حركة المرور إلى الطريق الجديد شمال المدينة، وهو طريق ضيق لا رصيف فيه للمشاة."
)

CHINESE = (
    "市议会周一宣布，为了赶在秋季洪水之前完成修缮，横跨河流的老桥将从下周起关闭三个月。工程师说，旧石料"
    "已经承受不住重型卡车的通行，必须更换桥墩上的拱心石。交通将改道至城北的新路，那条路狭窄，没有人行道。"
)


def corpus():
    """Hostile articles, and some in other scripts, with dates and sources."""
    for number, words in enumerate(HOSTILE):
        yield {
            "id": f"{words} {number}",
            "title": f"{words} closes the bridge",
            "text": f"{words} {BRIDGE}\n\nNobody was asked: {words} {number}.",
            "source": f"{words} Courier",
            "date": f"2024-05-0{number + 1}",
        }
    # The whole is dated after both of its parts, of which only one can be where it began.
    for number, words in enumerate([QUAY[:3], QUAY[1:], QUAY]):
        yield {
            "id": f"quay-{number}",
            "title": "New quay too short",
            "text": "\n\n".join(words),
            "source": "Agency",
            "date": ["2024-03-01", "2024-03-05", "2024-03-09"][number],
        }
    yield {
        "id": "ar-1",
        "text": f"إغلاق الجسر القديم\n\n{ARABIC}",
        "source": "الجريدة",
        "date": "2024-06-01",
    }
    yield {
        "id": "ar-2",
        "text": f"الجسر القديم يغلق\n\n{ARABIC.replace('ثلاثة', 'أربعة')}",
        "source": "الخبر",
    }
    yield {"id": "zh-1", "text": f"老桥将关闭\n\n{CHINESE}", "source": "晨报", "date": "2024-06-01"}
    yield {
        "id": "zh-2",
        "text": f"老桥关闭三个月\n\n{CHINESE.replace('三', '四')}",
        "source": "晚报",
        "date": "2024-06-02",
    }


def report(folder, name, *inputs):
    page = folder / name
    command = [EXAMPLES / "dedupe", *inputs, "--report", page, "--format", "jsonl"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return page


def titles(browser):
    return browser.run(
        "return Array.from(document.querySelectorAll('a.row .title'), t => t.innerText)"
    )


def check_quiet(browser, what):
    """Nothing in the console, nothing asked of a network, no script of an article ran."""
    entries = browser.console()
    assert entries == [], f"{what}: {entries}"
    others = [
        url for url in browser.requests() if not url.startswith(("file://", "about:", "data:,"))
    ]
    assert others == [], f"{what} asked for {others[:5]}"
    assert browser.run("return typeof window.hostile") == "undefined", f"{what}: a script ran"


def overview(browser, page):
    browser.open(page.as_uri())
    assert browser.count("a.row") == 7, titles(browser)

    browser.type("#search", "HARBOUR-daily")
    assert titles(browser) == ["Extra grain trains for Caddon Point while Ellery quay is rebuilt"]
    browser.type("#search", "agency too QUAY")
    assert titles(browser) == ["New quay too short"], titles(browser)
    browser.type("#search", "no such words")
    assert browser.text("#count") == "No cluster is like that."
    browser.type("#search", "x")
    browser.press("\ue003")
    assert browser.count("a.row") == 7

    def sort(order):
        browser.click(f"#sort option[value={order}]")
        return titles(browser)

    assert "closes the bridge" in sort("size")[0], titles(browser)
    assert sort("early")[0] == "New quay too short"
    assert sort("late")[0] != "New quay too short"
    shares = [
        share
        for _ in [sort("differs")]
        for share in browser.run(
            "return Array.from(document.querySelectorAll('.differs'), d => parseInt(d.innerText))"
        )
    ]
    assert shares == sorted(shares, reverse=True), shares
    sort("order")

    browser.click("#kinds [data-name=moved]")
    assert len(titles(browser)) == 1
    browser.click("#kinds [data-name=moved]")
    browser.click("#relations [data-name=excerpt]")
    assert len(titles(browser)) >= 1
    assert browser.count("a.row") < 7
    browser.click("#relations [data-name=excerpt]")
    browser.type("#size", "4")
    assert len(titles(browser)) == 2
    browser.type("#size", "2")
    check_quiet(browser, "the overview")


def section(browser):
    browser.type("#search", "harbour-daily")
    browser.click("a.row")
    browser.until("return document.querySelector('.inline')", "the first version is open")
    assert browser.text("h2").startswith("Extra grain trains")
    assert browser.count("svg.tree a") == 4
    assert browser.count("#version-0 .evidence dd") == 5
    assert browser.count("#version-0 .bar svg") == 2
    shared = browser.text(".shared")
    assert "Dropped by all 3 other versions" in shared, shared
    assert browser.text("#version-0 .inline .dropped, #version-0 [data-kind=dropped]") is not None

    # Versions are built when they are opened.
    assert browser.count("#version-1 .version-body > *") == 0
    browser.click("#version-1 > summary")
    browser.until("return document.querySelector('#version-1 .inline')", "a version is built")

    # Folded text opens.
    before = len(browser.text("#version-0 .inline"))
    browser.click("#version-0 .fold")
    assert len(browser.text("#version-0 .inline")) > before

    # One kind of edit is picked out, and let go again.
    browser.click("#version-0 .kinds-legend button")
    assert browser.count("#version-0 .faded") > 0
    browser.click("#version-0 .kinds-legend button")
    assert browser.count("#version-0 .faded") == 0

    for view in [".inline", ".sides"]:
        if view == ".sides":
            browser.click(".choice button", 1)
        assert browser.count(f"#version-0 {view}") == 1
        # Both ends of a move lead to each other.
        for end, other in [("from", "to"), ("to", "from")]:
            browser.click(f"#version-0 [id$=-{end}] .move")
            focus = browser.run("return document.activeElement.id")
            assert focus.startswith("moved-0-") and focus.endswith(f"-{other}"), focus
            assert browser.count(f"[id='{focus}'].flash") == 1
    # The two texts, each in its order.
    cells = browser.run(
        "return Array.from(document.querySelectorAll('#version-0 .cell.a .text'), c => c.innerText).join(' ')"
    )
    assert cells.index("The quay was built") < cells.index("Board members"), cells
    folds = browser.count("#version-0 .fold")
    browser.click("#version-0 .fold")
    assert browser.count("#version-0 .fold") == folds - 2, "both sides open together"
    browser.click(".choice button", 0)

    # The tree leads to a version.
    browser.run("document.querySelectorAll('details.version').forEach(d => { d.open = false })")
    browser.run(
        "document.querySelectorAll('svg.tree a')[3].dispatchEvent(new MouseEvent('click', {cancelable: true}))"
    )
    assert browser.count("details.version[open]") == 1
    check_quiet(browser, "a section")
    browser.click(".back")
    browser.until("return document.querySelector('#section').hidden", "back in the overview")


def keyboard(browser, page):
    browser.open("about:blank")
    browser.open(page.as_uri())
    # A window that was just opened may not listen yet.
    for _ in range(20):
        browser.press(TAB)
        if browser.run("return document.activeElement !== document.body"):
            break
        time.sleep(0.1)
    focus = browser.run("return document.activeElement.outerHTML.slice(0, 80)")
    assert 'class="skip"' in focus, focus
    browser.press("/")
    assert browser.run("return document.activeElement.id") == "search"
    browser.press(ESCAPE)
    browser.press("j", "j", "k")
    assert browser.run("return document.activeElement === document.querySelector('a.row')")
    browser.press(TAB)
    assert browser.run("return document.activeElement === document.querySelectorAll('a.row')[1]")
    browser.press(ENTER)
    browser.until("return document.querySelector('.version')", "Enter opens a section")
    assert browser.run("return document.activeElement.tagName") == "H2"
    browser.press("j")
    assert browser.run("return document.activeElement.tagName") == "SUMMARY"
    browser.press(ENTER)
    browser.until("return document.querySelector('#representative').open", "Enter opens a version")
    # All that can be pressed can be reached: no mouse-only elements.
    assert (
        browser.count("#section [onclick], #section [tabindex='-1'] > button[tabindex='-1']") == 0
    )
    browser.press(ESCAPE)
    browser.until("return document.activeElement.matches('a.row')", "the focus is where it was")
    check_quiet(browser, "the keyboard")


def hostile(browser):
    browser.type("#search", "closes the bridge")
    assert len(titles(browser)) == 1
    browser.click("a.row")
    browser.until("return document.querySelector('.version')", "the hostile section")
    browser.click(".toolbar > button", 1)
    for view in [1, 0]:
        browser.click(".choice button", view)
        shown = browser.run("return document.querySelector('main').innerText")
        for words in HOSTILE:
            for line in words.splitlines():
                assert line.strip() in shown, f"{line} is not shown as text"
    assert browser.count("main img, main script, main svg[onload], main iframe") == 0
    assert browser.count("a[href^='javascript']") == 0
    check_quiet(browser, "hostile articles")
    browser.press(ESCAPE)


def tree_and_timeline(browser):
    browser.type("#search", "quay-1")
    browser.click("a.row")
    browser.until("return document.querySelector('svg.tree')", "a tree")
    assert browser.count(".track .mark") == 3
    assert browser.count("svg.tree .against") == 1
    assert "1 date speaks against it" in browser.text("#section")
    browser.click(".back")
    browser.type("#search", "ar-1")
    browser.click("a.row")
    browser.until("return document.querySelector('.inline')", "the Arabic section")
    assert (
        browser.run("return getComputedStyle(document.querySelector('.inline .text')).direction")
        == "rtl"
    )
    assert "ar-2" in browser.text(".undated")
    browser.click(".back")
    browser.type("#search", "")


def colours(browser):
    def paper():
        return browser.run("return getComputedStyle(document.body).backgroundColor")

    browser.colours("light")
    light = paper()
    browser.colours("dark")
    dark = paper()
    assert light != dark
    browser.click("[data-theme-choice=light]")
    assert paper() == light
    browser.colours("light")
    browser.click("[data-theme-choice=dark]")
    assert paper() == dark
    browser.click("[data-theme-choice='']")
    assert paper() == light


def narrow(browser, page):
    browser.size(360, 740)
    for number in range(8):
        browser.open("about:blank")
        browser.open(page.as_uri() + (f"#cluster-{number}" if number else ""))
        width = browser.run("return document.documentElement.scrollWidth")
        assert width <= 360, f"cluster {number} is {width} pixels wide"
    browser.size(1200, 900)


def pictures(browser, page, folder):
    shots = [(1200, "light"), (1200, "dark"), (390, "light"), (390, "dark")]
    for width, scheme in shots:
        browser.size(width, 900)
        browser.colours(scheme)
        for name, place in [
            ("overview", ""),
            *((f"cluster-{n}", f"#cluster-{n}") for n in range(1, 8)),
        ]:
            browser.open("about:blank")
            browser.open(page.as_uri() + place)
            browser.picture(folder / f"{name}-{width}-{scheme}.png")
            if name == "cluster-1":
                browser.click(".choice button", 1)
                browser.picture(folder / f"{name}-sides-{width}-{scheme}.png")
                browser.click(".choice button", 0)
    browser.size(1200, 900)
    browser.colours("light")


def large(browser, folder):
    """How long a page of ten thousand clusters takes; times are printed, never asserted."""
    articles = folder / "articles.jsonl"
    with articles.open("wb") as file:
        generate = [EXAMPLES / "generate", "--articles", "72000", "--seed", "5"]
        subprocess.run(generate, check=True, stdout=file)
    page = report(folder, "large.html", articles)
    times = []
    for _ in range(5):
        browser.open("about:blank")
        start = time.monotonic()
        browser.open(page.as_uri())
        browser.until("return document.querySelector('a.row')", "the list is there")
        times.append(time.monotonic() - start)
    clusters = browser.text("#count").split(" of ")[-1]
    took = browser.run("""
        const search = document.querySelector("#search");
        const start = performance.now();
        search.value = "the";
        search.dispatchEvent(new Event("input"));
        document.body.offsetHeight;
        return performance.now() - start;
    """)
    opened = browser.run("""
        const start = performance.now();
        location.hash = "cluster-5000";
        return new Promise((done) => addEventListener("hashchange", () => {
            document.body.offsetHeight;
            done(performance.now() - start);
        }));
    """)
    assert browser.count("details.version") >= 2
    check_quiet(browser, "the large page")
    size = page.stat().st_size / 1e6
    print(
        f"{clusters}, {size:.0f} MB: open after {statistics.median(times):.2f} s "
        f"(median of {len(times)}, {min(times):.2f} to {max(times):.2f}), "
        f"first search {took:.0f} ms, a section {opened:.0f} ms"
    )


def main():
    if not (program("chromium", "chromium-browser", "google-chrome") and program("chromedriver")):
        print(
            "skipped: the page is not tested in a browser, for chromium and chromedriver are missing"
        )
        return
    with tempfile.TemporaryDirectory(prefix="reprint-report-") as folder, Browser() as browser:
        folder = pathlib.Path(folder)
        articles = folder / "corpus.jsonl"
        lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in corpus())
        articles.write_text("".join(lines), encoding="utf-8")
        page = report(folder, "page.html", ROOT / "examples/articles", articles)
        browser.size(1200, 900)
        overview(browser, page)
        section(browser)
        keyboard(browser, page)
        hostile(browser)
        tree_and_timeline(browser)
        colours(browser)
        narrow(browser, page)
        if len(sys.argv) > 1:
            pictures_folder = pathlib.Path(sys.argv[1])
            pictures_folder.mkdir(parents=True, exist_ok=True)
            pictures(browser, page, pictures_folder)
        check_quiet(browser, "the page")
        print("the page works in the browser")
        large(browser, folder)


if __name__ == "__main__":
    main()
