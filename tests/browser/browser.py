"""A headless Chromium, driven by chromedriver over the WebDriver protocol."""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def program(*names):
    """The path of the first of some programs that is there."""
    return next((path for path in map(shutil.which, names) if path), None)


class Browser:
    """To be used in a `with` statement: it ends what it started."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.root = f"http://127.0.0.1:{port}"
        self.profile = tempfile.TemporaryDirectory(prefix="reprint-browser-")
        self.driver = subprocess.Popen(
            [program("chromedriver"), f"--port={port}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.session = None

    def __enter__(self):
        try:
            self._wait_for_driver()
            options = {
                "binary": program("chromium", "chromium-browser", "google-chrome"),
                "args": [*ARGUMENTS, f"--user-data-dir={self.profile.name}"],
            }
            wanted = {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            }
            body = {"capabilities": {"alwaysMatch": wanted}}
            self.session = self._call("POST", "/session", body)["sessionId"]
            # It begins with a page of its own.
            self.open("about:blank")
            self.requests()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.session:
            self._call("DELETE", f"/session/{self.session}")
        self.driver.terminate()
        self.driver.wait()
        # The browser may still be writing into it for a moment.
        for _ in range(20):
            try:
                return self.profile.cleanup()
            except OSError:
                time.sleep(0.1)

    def _wait_for_driver(self):
        for _ in range(100):
            try:
                if self._call("GET", "/status")["ready"]:
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        raise RuntimeError("chromedriver does not answer")

    def _call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.root + path, data, headers, method=method)
        # Nothing of the environment's proxies: it is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def _do(self, path, body=None):
        return self._call("POST", f"/session/{self.session}/{path}", body or {})

    def open(self, address):
        self._do("url", {"url": address})

    def run(self, script, *arguments):
        """The result of a function's body."""
        return self._do("execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        found = self._do("elements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def click(self, selector, index=0):
        """As a user does: it fails if something else lies over the element."""
        element = self.find(selector)[index]
        # Clear of what sticks to the top of the window.
        self.run("arguments[0].scrollIntoView({ block: 'center' })", {ELEMENT: element})
        self._do(f"element/{element}/click")

    def type(self, selector, text):
        # The page may still be on its way back from a section.
        self.until(f"return document.querySelector({selector!r})?.checkVisibility()", selector)
        element = self.find(selector)[0]
        self._do(f"element/{element}/clear")
        if text:
            self._do(f"element/{element}/value", {"text": text})

    def press(self, *keys):
        """Keys for whatever has the focus."""
        presses = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._do("actions", {"actions": [{"type": "key", "id": "keys", "actions": presses}]})

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? null", selector)

    def count(self, selector):
        return self.run("return document.querySelectorAll(arguments[0]).length", selector)

    def until(self, script, what):
        """Waits until a script's body returns what is true."""
        for _ in range(100):
            if self.run(script):
                return
            time.sleep(0.05)
        raise AssertionError(f"it did not happen: {what}")

    def devtools(self, command, **parameters):
        return self._do("goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def colours(self, scheme):
        """What the user's system prefers: `light` or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.devtools("Emulation.setEmulatedMedia", features=[feature])

    def picture(self, path):
        """The whole page, as long as it is, up to a limit."""
        height = self.run("return Math.min(5000, document.documentElement.scrollHeight)")
        width = self.run("return innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.devtools("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def console(self):
        """What the browser had to say since the last time."""
        return self._do("se/log", {"type": "browser"})

    def requests(self):
        """The addresses that were asked for since the last time."""
        entries = (
            json.loads(entry["message"])["message"]
            for entry in self._do("se/log", {"type": "performance"})
        )
        return [
            entry["params"]["request"]["url"]
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]


ENTER, ESCAPE, TAB = "\ue007", "\ue00c", "\ue004"
