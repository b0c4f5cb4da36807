from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.source.file_names import natural_key, stem_of
from engine.source.naming import find_datasets

Found = dict[str, list[tuple[str, ...]]]


def found(*names: str) -> Found:
    """Names and files of the datasets; nothing may be refused."""
    result = find_datasets(map(Path, names))
    assert not result.refused
    return {
        dataset.name: [tuple(path.as_posix() for path in files) for files in dataset.files]
        for dataset in result.datasets
    }


def reasons(*names: str) -> dict[str, str]:
    """What is said of each file that is refused; nothing may be accepted."""
    result = find_datasets(map(Path, names))
    assert not result.datasets
    return {error.path.as_posix(): str(error) for error in result.refused}


@pytest.mark.parametrize(
    ("first", "second", "sample"),
    [
        ("NA12878_S1_L001_R1_001.fastq.gz", "NA12878_S1_L001_R2_001.fastq.gz", "NA12878"),
        ("NA12878_ACGTAC_L001_R1_001.fastq.gz", "NA12878_ACGTAC_L001_R2_001.fastq.gz", "NA12878_ACGTAC"),
        ("S1_L001_R1_001.fastq.gz", "S1_L001_R2_001.fastq.gz", "S1"),
        ("a_S1_S2_R1_001.fastq.gz", "a_S1_S2_R2_001.fastq.gz", "a_S1"),
        ("NA12878_S1_R1_001.fastq.gz", "NA12878_S1_R2_001.fastq.gz", "NA12878"),
        ("Undetermined_S0_L002_R1_001.fastq.gz", "Undetermined_S0_L002_R2_001.fastq.gz", "Undetermined"),
        ("my_sample_2_S12_R1_001.fq", "my_sample_2_S12_R2_001.fq", "my_sample_2"),
        ("a_R1.fastq", "a_R2.fastq", "a"),
        ("a.R1.fq.gz", "a.R2.fq.gz", "a"),
        ("a-R1.fq.bz2", "a-R2.fq.bz2", "a"),
        ("a_r1.fq.xz", "a_r2.fq.xz", "a"),
        ("a_read1.fq.zst", "a_read2.fq.zst", "a"),
        ("a_R1_trimmed.fq", "a_R2_trimmed.fq", "a_trimmed"),
        ("a_R1.clean.fq", "a_R2.clean.fq", "a.clean"),
        ("plate_R1_well_R1.fq", "plate_R1_well_R2.fq", "plate_R1_well"),
        ("SRR001_1.fastq", "SRR001_2.fastq", "SRR001"),
        ("a.1.fastq", "a.2.fastq", "a"),
        ("a_1P.fastq", "a_2P.fastq", "a"),
        ("a_R1_val_1.fq.gz", "a_R2_val_2.fq.gz", "a"),
        ("a_1_val_1.fq.gz", "a_2_val_2.fq.gz", "a"),
        ("R1.fastq.gz", "R2.fastq.gz", "R1_R2"),
        ("read1.fq", "read2.fq", "read1_read2"),
        ("V300_L01_56_1.fq.gz", "V300_L01_56_2.fq.gz", "V300_56"),
    ],
)
def test_mates_find_each_other(first: str, second: str, sample: str) -> None:
    assert found(first, second) == {sample: [(first, second)]}
    assert found(second, first) == {sample: [(first, second)]}
    (dataset,) = find_datasets([Path(first), Path(second)]).datasets
    assert dataset.is_paired


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("reads.fastq", "reads"),
        ("reads.sorted.bam", "reads.sorted"),
        ("a_R1.fastq.gz", "a"),
        ("a_S1_L001_R1_001.fastq.gz", "a"),
        ("a_1.fastq", "a_1"),
        ("a_2.fastq", "a_2"),
        ("reads", "reads"),
        (".gz", ".gz"),
        ("-", "-"),
        ("_R1.fastq", "_R1.fastq"),
    ],
)
def test_one_file_is_a_sample(name: str, sample: str) -> None:
    assert found(name) == {sample: [(name,)]}
    (dataset,) = find_datasets([Path(name)]).datasets
    assert not dataset.is_paired


def test_lanes_and_sets_go_in_order() -> None:
    names = [f"s_S3_L00{lane}_R{read}_00{chunk}.fastq.gz" for chunk in (2, 1) for lane in (4, 1, 2) for read in (2, 1)]
    order = [(lane, chunk) for lane in (1, 2, 4) for chunk in (1, 2)]
    pairs = [(f"s_S3_L00{i}_R1_00{j}.fastq.gz", f"s_S3_L00{i}_R2_00{j}.fastq.gz") for i, j in order]
    assert found(*names) == {"s": pairs}


def test_lanes_of_other_names_go_in_order() -> None:
    names = ["a_L2_R1.fq", "a_L1_R2.fq", "a_L2_R2.fq", "a_L1_R1.fq"]
    assert found(*names) == {"a": [("a_L1_R1.fq", "a_L1_R2.fq"), ("a_L2_R1.fq", "a_L2_R2.fq")]}
    assert found("a_lane10.fq", "a_lane9.fq") == {"a": [("a_lane9.fq",), ("a_lane10.fq",)]}


def test_lanes_in_folders_of_their_own_are_one_sample() -> None:
    names = ["L1/s_S1_L001_R1_001.fq", "L1/s_S1_L001_R2_001.fq", "L2/s_S1_L002_R1_001.fq", "L2/s_S1_L002_R2_001.fq"]
    assert found(*names) == {"s": [(names[0], names[1]), (names[2], names[3])]}


def test_mates_in_folders_of_their_own_are_one_sample() -> None:
    assert found("one/a_R1.fq", "two/a_R2.fq") == {"a": [("one/a_R1.fq", "two/a_R2.fq")]}


def test_the_same_names_in_two_folders_are_two_samples() -> None:
    names = ["x/s_S1_L001_R1_001.fq", "y/s_S1_L001_R1_001.fq"]
    assert found(*names) == {"x/s_S1": [(names[0],)], "y/s_S1": [(names[1],)]}
    assert found("x/reads.fq", "y/reads.fq") == {"x/reads": [("x/reads.fq",)], "y/reads": [("y/reads.fq",)]}
    assert set(found("x/1/reads.fq", "y/1/reads.fq")) == {str(Path("x/1/reads.fq")), str(Path("y/1/reads.fq"))}


def test_samples_of_one_name_and_two_numbers_stay_apart() -> None:
    assert set(found("n_S1_R1_001.fq", "n_S2_R1_001.fq")) == {"n_S1", "n_S2"}


def test_chunks_of_nanopore_runs_are_counted_not_spelled() -> None:
    stem = "FAV35389_pass_barcode01_4a1b2c3d_e5f6a7b8"
    names = [f"barcode01/{stem}_{i}.fastq.gz" for i in (10, 0, 2, 1)]
    assert found(*names) == {stem: [(f"barcode01/{stem}_{i}.fastq.gz",) for i in (0, 1, 2, 10)]}
    names = [f"fastq_runid_{'ab12' * 10}_{i}_0.fastq" for i in (11, 3)]
    assert found(*names) == {f"fastq_runid_{'ab12' * 10}": [(names[1],), (names[0],)]}


def test_barcodes_and_failed_reads_are_samples_of_their_own() -> None:
    names = [
        f"PAK12345_{what}_4a1b2c3d_0.fastq" for what in ("pass_barcode01", "pass_barcode02", "fail_barcode01", "pass")
    ]
    assert len(found(*names)) == 4


def test_numbers_are_mates_only_if_they_are_one_and_two() -> None:
    assert set(found("d_1.fq", "d_2.fq", "d_3.fq")) == {"d_1", "d_2", "d_3"}
    assert set(found("d_0.fq", "d_1.fq")) == {"d_0", "d_1"}
    assert set(found("d.2.fq", "d.3.fq")) == {"d.2", "d.3"}


def test_files_called_no_more_than_r1_are_mates_only_with_r2_beside_them() -> None:
    assert found("R2.fastq") == {"R2": [("R2.fastq",)]}
    assert found("a/R1.fq", "b/R2.fq") == {"R1": [("a/R1.fq",)], "R2": [("b/R2.fq",)]}
    assert len(found("R1.fq", "R2.fq", "R3.fq")) == 3
    assert found("a/R1.fq", "b/R1.fq", "a/R2.fq", "b/R2.fq") == {
        "a/R1_R2": [("a/R1.fq", "a/R2.fq")],
        "b/R1_R2": [("b/R1.fq", "b/R2.fq")],
    }


def test_reads_that_lost_their_mates_are_samples_of_their_own() -> None:
    assert found("S_1.fastq", "S_2.fastq", "S.fastq") == {
        "S_1.fastq": [("S_1.fastq", "S_2.fastq")],
        "S.fastq": [("S.fastq",)],
    }
    names = ["a_R1_paired.fq", "a_R2_paired.fq", "a_R1_unpaired.fq", "a_R2_unpaired.fq"]
    assert found(*names) == {
        "a_paired": [(names[0], names[1])],
        "a_R1_unpaired": [(names[2],)],
        "a_R2_unpaired": [(names[3],)],
    }


def test_second_mates_alone_are_refused() -> None:
    assert "first ones (R1) are missing" in reasons("a_R2.fastq")["a_R2.fastq"]


def test_a_lane_without_second_mates_is_refused_with_all_of_its_sample() -> None:
    names = ["s_S1_L001_R1_001.fq", "s_S1_L001_R2_001.fq", "s_S1_L002_R1_001.fq"]
    told = reasons(*names)
    assert list(told) == names
    assert all("pair of lane 2 is incomplete: s_S1_L002_R1_001.fq has no mate" in reason for reason in told.values())


def test_two_files_for_the_same_mates_are_refused() -> None:
    told = reasons("w_R1.fq", "w_R1.fq.gz", "w_R2.fq")
    assert len(told) == 3
    assert "w_R1.fq and w_R1.fq.gz claim to be the same reads" in told["w_R2.fq"]


def test_three_reads_of_a_molecule_are_refused() -> None:
    assert "3 files" in reasons("k_R1.fq", "k_R2.fq", "k_R3.fq")["k_R3.fq"]


def test_index_reads_are_refused_and_the_others_are_not() -> None:
    names = [f"s_S1_L001_{read}_001.fastq.gz" for read in ("I1", "R1", "R2")]
    result = find_datasets(map(Path, names))
    assert [dataset.files for dataset in result.datasets] == [((Path(names[1]), Path(names[2])),)]
    (error,) = result.refused
    assert error.path == Path(names[0])
    assert "index reads" in str(error)
    assert error.hint


def test_a_file_given_twice_counts_once() -> None:
    assert found("a_R1.fq", "a_R1.fq") == {"a": [("a_R1.fq",)]}


def test_samples_come_in_the_order_given() -> None:
    assert list(found("z.fq", "a_R2.fq", "m.fq", "a_R1.fq")) == ["z", "a", "m"]


pieces = st.sampled_from(
    ["a", "b", "_", ".", "-", "1", "2", "R1", "R2", "L001", "S1", "001", "fastq", "gz", "val", "/"]
)


@given(st.lists(st.lists(pieces, min_size=1, max_size=9).map("".join), max_size=8))
def test_every_file_is_in_one_sample_or_refused_and_names_differ(names: list[str]) -> None:
    paths = {Path(name) for name in names}
    result = find_datasets(Path(name) for name in names)
    used = [path for dataset in result.datasets for files in dataset.files for path in files]
    refused = [error.path for error in result.refused]
    assert sorted(used + refused) == sorted(paths)
    labels = [dataset.name for dataset in result.datasets]
    assert len(set(labels)) == len(labels)
    assert all(len(files) == 1 + dataset.is_paired for dataset in result.datasets for files in dataset.files)


def test_numbers_in_names_sort_as_numbers() -> None:
    assert sorted(["r_10", "r_9", "r_1b", "r_1", "a", "10"], key=natural_key) == [
        "10",
        "a",
        "r_1",
        "r_1b",
        "r_9",
        "r_10",
    ]


@pytest.mark.parametrize(("name", "stem"), [("a.b.fastq.gz", "a.b"), ("a.FQ", "a"), ("a.txt", "a.txt"), ("a.zst", "a")])
def test_stem(name: str, stem: str) -> None:
    assert stem_of(Path(name)) == stem
