"""The commands as an operator runs them: real processes, real exit codes."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bot.cli.main import parser
from bot.data import ROOT

LIVE = {
    "BOT_TOKEN": "12345:sample-secret-of-thirty-characters",
    "WEB_URL": "https://passerelle.example.org",
    "OPERATOR_NAME": "Hospital X",
    "OPERATOR_CONTACT": "+33 1 99 00 00 00",
    "DPO_CONTACT": "dpo@example.org",
    "OPERATOR_CHAT": "777",
    "TRUSTED_PROXY": "127.0.0.1",
}


def run(
    *arguments: str, given: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`python run_bot.py ARGUMENTS`, with `given` as its standard input."""
    return subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py"), *arguments],
        cwd=ROOT,
        input=given,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that could not run says: on standard error, without a traceback."""
    assert 2 == done.returncode, done.stderr
    assert "" == done.stdout
    assert "Traceback" not in done.stderr

    return done.stderr


def fetched(url: str) -> str:
    """A page of a service that has just said where it is."""
    limit = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as page:
                text: str = page.read().decode()
                return text
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.05)


def test_help_names_every_command() -> None:
    """And no option is missing its explanation."""
    done = run("--help")

    assert 0 == done.returncode
    for command in ("chat", "explain", "check", "review"):
        assert command in done.stdout
        assert command in parser().format_help()


def test_explain_prints_a_template_that_feeds_back(tmp_path: Path) -> None:
    """Template, one answer changed, explained as text and as JSON."""
    printed = run("explain", "NCT03870919", "--template")
    data = json.loads(printed.stdout)
    data["answers"]["her2"] = "positive"
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(data), encoding="utf-8")
    text = run("explain", "nct03870919", "--answers", str(answers))
    result = json.loads(run("explain", "NCT03870919", "--answers", str(answers), "--json").stdout)

    assert (0, 0) == (printed.returncode, text.returncode)
    assert "Verdict: does not seem to fit" in text.stdout
    assert "does not seem to fit" == result["verdict"]
    assert "her2" == result["rests on one fact often misremembered"]


def test_explain_names_what_is_wrong(tmp_path: Path) -> None:
    """An unknown trial, a missing file, an unknown value."""
    answers = tmp_path / "answers.json"
    answers.write_text('{"answers": {"her2": "huge"}}', encoding="utf-8")

    assert "there is no trial 'NCT1': known are NCT03079011, NCT03870919" in refused(
        run("explain", "NCT1", "--template")
    )
    assert "missing.json" in refused(
        run("explain", "NCT03870919", "--answers", str(tmp_path / "missing.json"))
    )
    assert "allowed are negative, low, positive" in refused(
        run("explain", "NCT03870919", "--answers", str(answers))
    )


def test_an_answers_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    """As some editors still write it."""
    answers = tmp_path / "answers.json"
    answers.write_bytes('{"note": "é", "answers": {}}'.encode("latin-1"))

    assert "answers.json" in refused(run("explain", "NCT03870919", "--answers", str(answers)))


def test_check_lists_all_that_stops_a_live_start() -> None:
    """Missing settings, missing approval, sample contacts; and what should be looked at soon."""
    done = run("check")
    lines = done.stdout.splitlines()

    assert 1 == done.returncode
    for name in LIVE:
        says = f"stops a live start: {name} "
        assert any(line.startswith(says) and " missing" in line for line in lines)
    assert "are not approved" in done.stdout
    assert "has sample contact details" in done.stdout
    assert "note: NCT03870919: closed" in done.stdout
    assert lines[-1].endswith("things stop a live start.")
    assert f"{sum(line.startswith('stops') for line in lines)} " in lines[-1]


def test_a_live_start_is_refused_with_all_causes(tmp_path: Path) -> None:
    """Nothing is served, no key is made, and the token is not shown."""
    says = refused(run(environment={**LIVE, "KEYS_DIR": str(tmp_path / "keys")}))

    assert "are not approved" in says
    assert "centre 1 (Gustave Roussy) has sample contact details" in says
    assert "centre 2 (Centre Léon Bérard) has sample contact details" in says
    assert "secret" not in says
    assert not (tmp_path / "keys").exists()


def test_wrong_settings_are_named_with_their_mend() -> None:
    """All at once, by the start and by the check before it."""
    wrong = {"WEB_PORT": "web", "BOT_TOKEN": "x"}
    says = refused(run(environment=wrong))
    done = run("check", environment=wrong)

    assert 1 == done.returncode
    for text in (says, done.stdout):
        assert "WEB_PORT='web' is no port: set a number from 1 to 65535" in text
        assert "DPO_CONTACT is missing: a live start needs it." in text


def test_a_port_in_use_is_named_with_its_mend(tmp_path: Path) -> None:
    """Which address and port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        says = refused(run(environment={"WEB_PORT": port, "KEYS_DIR": str(tmp_path / "keys")}))

    assert f"cannot listen on WEB_HOST=127.0.0.1 WEB_PORT={port}" in says
    assert "stop what uses it, or set another port" in says


def test_an_unusable_key_folder_is_named_with_its_mend(tmp_path: Path) -> None:
    """The setting, the reason and the mend."""
    (tmp_path / "keys").write_text("")
    says = refused(run(environment={"KEYS_DIR": str(tmp_path / "keys")}))

    assert f"KEYS_DIR={tmp_path / 'keys'}" in says
    assert "name a folder that this user may write to" in says


def test_a_clock_behind_refuses_the_start(tmp_path: Path) -> None:
    """Both dates and both mends."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "state-2999-01-01.key").write_bytes(b"k" * 64)
    says = refused(run(environment={"KEYS_DIR": str(keys)}))

    assert "the newest key is of 2999-01-01" in says
    assert "set the clock right" in says


def test_the_service_starts_and_says_where(tmp_path: Path) -> None:
    """One line, then the page answers; stopped, it ends without a word."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "WEB_PORT": str(port), "KEYS_DIR": str(tmp_path / "keys")}
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py")],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        try:
            assert service.stdout is not None

            line = service.stdout.readline()
            html = fetched(f"http://127.0.0.1:{port}/")
            service.terminate()
            out, err = service.communicate(timeout=20)
        finally:
            service.kill()

    assert f"Passerelle (demonstration, no BOT_TOKEN): http://127.0.0.1:{port}\n" == line
    assert "INAVO122" not in html
    assert '<html lang="fr">' in html
    assert ("", "") == (out, err)
    assert ["keys", "passerelle.db"] == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_chat_talks_in_the_terminal(language: str) -> None:
    """Piped input is a conversation; the end of it is the end."""
    done = run("chat", "--lang", language, given="1\n1\n1\n")

    assert (0, "") == (done.returncode, done.stderr)
    assert 4 == done.stdout.count("=== ")


def test_chat_records_a_transcript(tmp_path: Path) -> None:
    """Where its author names a file."""
    record = tmp_path / "record.txt"
    done = run("chat", "--lang", "en", "--record", str(record), given="1\n1\nq\n")

    assert 0 == done.returncode
    assert record.read_text(encoding="utf-8").startswith("# language: en\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("explain",),
        ("explain", "NCT03870919"),
        ("explain", "NCT03870919", "--template", "--answers", "x"),
        ("review", "NCT03870919"),
        ("chat", "--lang", "de"),
    ],
)
def test_a_wrong_command_line_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """With the usage, and nothing is done."""
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(arguments)

    assert 2 == caught.value.code
    assert "usage: run_bot.py" in capsys.readouterr().err
