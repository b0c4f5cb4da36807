from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.inputs import open_source


def batches_of(path: Path, size: int) -> list[ReadBatch]:
    source = open_source(path)
    try:
        return list(FastqParser(source, BufferPool(size, 1000), path))
    finally:
        source.close()


def test_a_batch_knows_how_many_reads_before_it_have_no_bases(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(b"@a\n\n+\n\n@b\nAC\n+\nII\n@c\n\n+\n\n" * 20)
    batches = batches_of(path, 64)
    assert len(batches) > 2
    empty = [int((batch.lengths == 0).sum()) for batch in batches]
    assert [batch.empty_before for batch in batches] == np.cumsum([0, *empty[:-1]]).tolist()


def test_chosen_rows_know_their_places(tmp_path: Path) -> None:
    path = tmp_path / "reads.fastq"
    path.write_bytes(b"".join(b"@%d\nAC\n+\nII\n" % number for number in range(10)))
    [batch] = batches_of(path, 1 << 16)
    assert batch.places is None
    odd = batch.rows(slice(1, None, 2))
    assert odd.places is not None
    assert odd.places.tolist() == [1, 3, 5, 7, 9]
    late = odd.rows(np.array([2, 4]))
    assert late.places is not None
    assert late.places.tolist() == [5, 9]
