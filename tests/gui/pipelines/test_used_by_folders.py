from __future__ import annotations

from pathlib import Path

from engine.home import find_home
from engine.pipeline.keeping.associations import Associations, Dataset
from engine.run.state import RunState
from engine.store.store import Store
from gui.models.pipelines.choice import RunChoice
from tests.gui.desk import Desk, write_reads


def test_files_dropped_from_a_folder_run_what_it_uses(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    folder, other = tmp_path / "nanopore", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    with Store.open(find_home().database) as store:
        Associations(store.pipelines).associate(Dataset.of_folder(folder), "nanopore")
        Associations(store.pipelines).associate(Dataset("sample", "mine"), "novaseq-poly-g@1.0.0")

    used = write_reads(folder / "long.fastq", 20, length=600)
    sample = write_reads(other / "mine.fastq", 20)
    plain = write_reads(other / "plain.fastq", 20)
    desk.run(used, sample, plain)

    assert desk.states() == [RunState.COMPLETED] * 3
    assert sorted(path.name for path in folder.iterdir()) == ["long.fastq", "long.nanopore.fastq.gz"]
    assert sorted(path.name for path in other.iterdir()) == [
        "mine.fastq",
        "mine.novaseq-poly-g.fastq.gz",
        "plain.fastq",
    ]


def test_files_of_samples_are_not_met_again(tmp_path: Path) -> None:
    choice = RunChoice(pipeline="barcodes")
    reads = tmp_path / "reads.fastq"
    assert choice.output_for(reads) == tmp_path / "reads.barcodes.fastq.gz"
    (tmp_path / "reads.barcodes.alpha.fastq.gz").touch()
    assert choice.output_for(reads) == tmp_path / "reads.barcodes-2.fastq.gz"
    assert choice.output_for(tmp_path / "none" / "reads.fastq") == tmp_path / "none" / "reads.barcodes.fastq.gz"
