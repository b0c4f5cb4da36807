"""``lanescope run --pipeline``, held to cutadapt's command line."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.cli.main import main

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
SINGLE = SAMPLES / "illumina_single.fastq.gz"
PAIR = (SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz")
TRUSEQ = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA"

# What the reads hold in earnest, and what they hold by chance in many places.
CHAINS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        f"-u 2 -q 20,25 -a {TRUSEQ} -m 40 --max-n 0",
        [
            ("cut", "five_prime = 2"),
            ("quality", "five_prime = 20\nthree_prime = 25"),
            ("adapters", f'adapters = ["{TRUSEQ}"]'),
            ("length", "minimum = 40"),
            ("max_n", "maximum = 0"),
        ],
    ),
    (
        "--nextseq-trim 20 -n 2 -e 0.2 -O 4 -a ACGTNNACGT --poly-a -l 90 --max-ee 0.5",
        [
            ("two_colour_quality", "cutoff = 20"),
            ("adapters", 'adapters = ["ACGTNNACGT"]\ntimes = 2\nerrors = 0.2\nminimum_overlap = 4'),
            ("poly_a", ""),
            ("shorten", "length = 90"),
            ("expected_errors", "maximum = 0.5"),
        ],
    ),
]


def run(*arguments: str | Path) -> int:
    return main(["run", "--no-save", *map(str, arguments)])


def write_pipeline(path: Path, stages: Sequence[tuple[str, str]]) -> Path:
    text = 'name = "tried"\n'
    for number, (stage, parameters) in enumerate(stages):
        text += f'\n[[stages]]\nname = "s{number}"\nstage = "{stage}"\n[stages.parameters]\n{parameters}\n'
    path.write_text(text, encoding="utf-8")
    return path


def cutadapt(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, "-m", "cutadapt", "--quiet", "--no-index", *map(str, arguments)], check=True)


def records(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


@pytest.mark.parametrize(("words", "stages"), CHAINS, ids=[words for words, _ in CHAINS])
def test_reads_are_those_of_cutadapt(tmp_path: Path, words: str, stages: list[tuple[str, str]]) -> None:
    theirs, ours = tmp_path / "theirs.fastq", tmp_path / "ours.fastq.gz"
    cutadapt(*words.split(), "-o", theirs, SINGLE)
    assert run(SINGLE, "--pipeline", write_pipeline(tmp_path / "p.toml", stages), "-o", ours, "--threads", "2") == 0
    assert records(ours) == records(theirs)
    assert records(ours).count(b"\n") > 1000


def test_pairs_are_those_of_cutadapt(tmp_path: Path) -> None:
    theirs, ours = ([tmp_path / f"{who}_{i}.fastq" for i in (1, 2)] for who in ("theirs", "ours"))
    cutadapt(
        *["-q", "20", "-a", "AGATCGGAAGAGC", "-A", "AGATCGGAAGAGC", "-m", "150"],
        "-o",
        theirs[0],
        "-p",
        theirs[1],
        *PAIR,
    )
    stages = [("quality", ""), ("adapters", 'adapters = ["AGATCGGAAGAGC"]'), ("length", "minimum = 150")]
    pipeline = write_pipeline(tmp_path / "p.toml", stages)
    assert run(*PAIR, "--pipeline", pipeline, "-o", ours[0], "--out2", ours[1]) == 0
    assert [records(path) for path in ours] == [records(path) for path in theirs]
    both = tmp_path / "both.fastq"
    assert run(*PAIR, "--pipeline", pipeline, "-o", both, "--interleaved") == 0
    lines = records(both).splitlines(keepends=True)
    for side, path in enumerate(ours):
        assert b"".join(b"".join(lines[at : at + 4]) for at in range(4 * side, len(lines), 8)) == records(path)


def test_the_summary_and_json_tell_what_was_dropped(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipeline = write_pipeline(tmp_path / "p.toml", [("quality", "three_prime = 30"), ("length", "minimum = 140")])
    assert run(SINGLE, "--pipeline", pipeline, "-o", tmp_path / "out.fastq", "--json") == 0
    (document,) = json.loads(capsys.readouterr().out)
    length = document["pipeline"]["stages"][1]
    gone = length["drops"]["too short"]
    assert document["results_after"]["basic"]["reads"] == 10_000 - gone == document["outputs"][0]["reads"]
    assert run(SINGLE, "--pipeline", pipeline, "-o", tmp_path / "out.fastq", "--force") == 0
    text = capsys.readouterr().out
    assert f"reads kept  {10_000 - gone:,} of 10,000" in text
    assert f"s1: {gone:,} dropped (too short)" in text
    assert f"out.fastq: {10_000 - gone:,} reads" in text


def test_reports_of_before_and_after(tmp_path: Path) -> None:
    pipeline = write_pipeline(tmp_path / "p.toml", [("shorten", "length = 50")])
    assert run(SINGLE, "--pipeline", pipeline, "--out", tmp_path / "reports") == 0
    before, after = (
        (tmp_path / "reports" / f"illumina_single{what}_fastqc" / "fastqc_data.txt").read_text(encoding="utf-8")
        for what in ("", "_after")
    )
    assert "Sequence length\t150\n" in before
    assert "Sequence length\t50\n" in after
    assert "Filename\tillumina_single_after.fastq.gz\n" in after


def test_shipped_pipelines_run_by_name(tmp_path: Path) -> None:
    from engine.pipeline.keeping.presets import presets

    name = next(name for name, preset in presets().items() if preset.type == "document")
    assert run(SINGLE, "--pipeline", name, "-o", tmp_path / "out.fastq.gz") == 0
    assert records(tmp_path / "out.fastq.gz")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out2", "b.fastq"), "--out2 needs -o"),
        (("-o", "a.fastq", "--pairs", "auto"), "nobody said where they go"),
        (("-o", "a.fastq", "--out2", "b.fastq", "--interleaved"), "not both"),
        (("-o", "a.fastq", "--pairs", "never"), "cannot take the reads of 2 runs"),
        (("-o", "a.fastq", "--out2", "a.fastq"), "are the same file"),
        (("--pipeline", "nothing-of-the-kind"), "nothing-of-the-kind"),
    ],
)
def test_what_makes_no_sense_is_said(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*PAIR, *arguments) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("*.fastq"))


def test_ten_faults_are_told_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipeline = write_pipeline(tmp_path / "p.toml", [("nothing", ""), ("length", "minimum = -1"), ("cut", "sixth = 1")])
    assert run(SINGLE, "--pipeline", pipeline, "-o", tmp_path / "out.fastq") == 2
    said = capsys.readouterr().err
    for place in ("stages[0].stage", "stages[1].parameters.minimum", "stages[2].parameters.sixth"):
        assert place in said


def test_an_older_file_stays(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out.fastq"
    out.write_bytes(b"dear")
    assert run(SINGLE, "-o", out) == 2
    assert "is there already" in capsys.readouterr().err
    assert out.read_bytes() == b"dear"


@pytest.mark.skipif(sys.platform == "win32", reason="not on this platform: limits of files' sizes")
def test_no_more_room_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    code = "import sys; from engine.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "run", "--no-save", str(SINGLE), "-o", str(tmp_path / "out.fastq")]
    import resource  # Windows has none

    # More than the database of the run takes, and less than the reads.
    limit = (1 << 20, resource.RLIM_INFINITY)
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert done.returncode == 1
    assert "There is no room for the output" in done.stderr
    assert not list(tmp_path.glob("*fastq*"))


def test_plugins_are_stages_and_their_numbers_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(
        'name = "tried"\n[[stages]]\nname = "inner"\ntype = "composite"\n'
        '[[stages.stages]]\nname = "gc"\ntype = "wasm"\nudf_name = "gc-content"\n'
        '[[stages.stages]]\nname = "short"\nstage = "shorten"\nparameters = { length = 30 }\n',
        encoding="utf-8",
    )
    out = tmp_path / "out.fastq"
    assert run(SINGLE, "--pipeline", tmp_path / "p.toml", "-o", out, "--json") == 0
    (document,) = json.loads(capsys.readouterr().out)
    (inner,) = document["pipeline"]["stages"]
    gc, short = inner["stages"]
    (metric,) = gc["metrics"]
    assert (metric["title"], metric["unit"], metric["count"]) == ("GC content", "%", 10_000)
    assert metric["value"] == pytest.approx(document["results"]["basic"]["gc_percent"], abs=0.1)
    assert sum(metric["histogram"]) == 10_000
    assert short["reads_cut"] == 10_000
    assert document["results_after"]["basic"]["longest"] == 30


@pytest.mark.parametrize("arguments", [["-o", ""], ["--out", ""], [""]])
def test_names_that_would_mean_something_else_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        run(SINGLE, *arguments)
    assert ending.value.code == 2
    told = capsys.readouterr().err
    assert "name a file" in told or "the name is empty" in told


def test_each_fault_of_a_pipeline_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_pipeline(tmp_path / "bad.toml", [("quality", "three_prim = 20"), ("nonesuch", "")])
    assert run(SINGLE, "--pipeline", path) == 2
    first, *faults = capsys.readouterr().err.splitlines()
    assert first.endswith("has 2 faults.")
    assert [fault.split(":")[0] for fault in faults] == [
        "  stages[0].parameters.three_prim",
        "  stages[1].stage",
    ]


def test_runs_never_write_over_one_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("a", "b", "out"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "r.fastq").write_text(f"@{folder}\nACGT\n+\nIIII\n")
    inputs = (tmp_path / "a" / "r.fastq", tmp_path / "b" / "r.fastq")
    assert run(*inputs, "-o", tmp_path / "out", "--force") == 2
    assert "Several runs would write" in capsys.readouterr().err
    assert (tmp_path / "out" / "r.fastq").read_text().startswith("@out")


def test_the_summary_of_pairs_tells_of_both_mates(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*PAIR, "--pairs", "auto") == 0
    told = capsys.readouterr().out
    assert "567,516" in told
    assert "2,500 second reads, 560,002 bases" in told


def test_reads_of_several_lanes_are_named_after_their_sample(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for lane in (1, 2):
        for mate, path in enumerate(PAIR, start=1):
            (tmp_path / f"liver_S1_L00{lane}_R{mate}_001.fastq.gz").write_bytes(path.read_bytes())
    assert run("--pairs", "auto", "-o", out, *sorted(tmp_path.glob("liver*"))) == 0
    assert sorted(path.name for path in out.iterdir()) == ["liver_R1.fastq.gz", "liver_R2.fastq.gz"]
    assert gzip.decompress((out / "liver_R1.fastq.gz").read_bytes()) == 2 * gzip.decompress(PAIR[0].read_bytes())
