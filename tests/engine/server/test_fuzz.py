from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from tests.engine.server.serving import FASTQ, PATIENCE, TRIM, Served

EXAMPLES = 8


@pytest.fixture
def busy(served: Served) -> Served:
    """A server with a pipeline, a run and an association, so that some requests find something."""
    served.client.post("/_pipeline/0", json=TRIM)
    (served.folder / "reads.fastq").write_bytes(FASTQ)
    served.client.post("/_run", json={"paths": [str(served.folder)], "pipeline": "0"})
    served.client.put("/_association", json={"kind": "sample", "place": "0", "pipeline": "0"})
    assert served.place.queue.wait(3 * PATIENCE)  # kernels may have to be compiled
    return served


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_meets_a_defect(busy: Served, lanescope_home: Path, mode: GenerationMode) -> None:
    document = busy.client.get("/openapi.json").json()
    found = list(schemathesis.openapi.from_dict(document).get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found) >= 16
    headers = {"authorization": f"Bearer {busy.token}"}
    with requests.Session() as session:
        session.trust_env = False
        for operation in operations:

            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def fuzz(case: Case[Any]) -> None:
                answer = case.call(busy.server.url, session, headers, timeout=PATIENCE)
                assert answer.status_code < 500, case.as_curl_command()
                if answer.status_code >= 400:
                    assert answer.headers["content-type"] == ["application/problem+json"]

            fuzz()
    assert busy.client.get("/_pipeline").status_code == 200
