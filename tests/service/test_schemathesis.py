from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cpplan.store import Store
from tests.kernel.histories import opened
from tests.kernel.service.asgi import happened
from tests.service.serving import ROOT, serving

pytest.importorskip("schemathesis", reason="schemathesis, of the group `test`, is not installed")
pytestmark = pytest.mark.slow

RUNS = {
    "every corner, where there is no event": ("coverage", "--exclude-method", "POST"),
    # An event is one of a hundred and more kinds: to go through all their corners takes hours.
    "some of everything": ("fuzzing", "--max-examples", "100"),
}
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 404, 409, 422]
"""
"""What can't be so, such as a birth after the event that tells of it, no schema can say: 422."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)


@pytest.mark.parametrize("run", RUNS)
def test_the_service_is_as_its_committed_description_says(tmp_path: Path, run: str) -> None:
    phase, *options = RUNS[run]
    file = tmp_path / "plans.db"
    Store.create(file).close()
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    with serving(str(file), tmp_path) as server:
        # The name that it likes best, so that there is something to be found.
        body = {"entry": happened("e1", opened()), "expected": 0, "procedure": "standards"}
        assert server.ask("POST", "/v1/plans/0/entries", body)[0] == 201
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", str(ROOT / "docs/openapi.json")),
                *("--url", server.url, "--header", f"Authorization: Bearer {server.token}"),
                *("--checks", ",".join(CHECKS), "--phases", phase, *options),
                *("--seed", "1", "--no-color", "--suppress-health-check", "all"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
