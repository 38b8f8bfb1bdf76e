import pytest

from digitcore.batch.journal import Chunk, ChunkResult, Journal
from digitcore.batch.sources import Finder, ImageReference
from digitcore.errors import BatchError

IDENTITY = {"sources": ["a"]}


@pytest.fixture
def path(folder):
    return folder / "out.csv.journal"


def started(path, references, max_chunk_files=4, min_chunks=1):
    journal = Journal(path)
    journal.store_files(IDENTITY, references, Finder(skipped=3), max_chunk_files, min_chunks)
    return journal


def named(*names):
    return [ImageReference(name) for name in names]


def names(chunks):
    return [[reference.path for reference in chunk.references] for chunk in chunks]


def test_files_are_sorted_and_listed_once_in_chunks(path):
    with started(path, named("c", "a", "b", "./a", "e", "d", "a")) as journal:
        assert journal.files == 5
        assert names(journal.pending_chunks()) == [["a", "b", "c", "d"], ["e"]]
        assert [chunk.first for chunk in journal.pending_chunks()] == [1, 5]


def test_the_order_of_sources_comes_before_the_order_of_names(path):
    finder = Finder()

    def found():
        for finder.position, name in enumerate(("z", "y", "x")):
            yield ImageReference(name)

    with Journal(path) as journal:
        journal.store_files(IDENTITY, found(), finder, 4, 1)
        assert names(journal.pending_chunks()) == [["z", "y", "x"]]


def test_few_files_are_distributed_over_more_chunks(path):
    with started(path, named(*"abcdef"), max_chunk_files=64, min_chunks=3) as journal:
        assert names(journal.pending_chunks()) == [["a", "b"], ["c", "d"], ["e", "f"]]
    with started(path, named("a"), max_chunk_files=64, min_chunks=8) as journal:
        assert names(journal.pending_chunks()) == [["a"]]


def test_stored_results_survive_reopening_and_are_no_longer_pending(path):
    with started(path, named(*"abcdef"), max_chunk_files=2) as journal:
        journal.store_results([ChunkResult(3, b"cd", 2, 1)])
    with Journal(path) as journal:
        assert (journal.identity, journal.progress(), journal.skipped) == (IDENTITY, (2, 1), 3)
        assert names(journal.pending_chunks()) == [["a", "b"], ["e", "f"]]
        journal.store_results([ChunkResult(5, b"ef", 2, 0), ChunkResult(1, b"ab", 2, 0)])
        assert list(journal.pending_chunks()) == []
        assert b"".join(journal.encoded_rows()) == b"abcdef"


def test_the_rest_of_a_partly_read_chunk_is_pending_file_by_file(path):
    with started(path, named(*"abc"), max_chunk_files=3) as journal:
        journal.store_results([ChunkResult(1, b"a", 1, 0), ChunkResult(3, b"c", 1, 0)])
        assert list(journal.pending_chunks()) == [Chunk(2, [ImageReference("b")])]


def test_results_are_not_stored_twice(path):
    with started(path, named(*"ab")) as journal:
        journal.store_results([ChunkResult(1, b"first", 2, 0)])
        journal.store_results([ChunkResult(1, b"again", 2, 0)])
        assert list(journal.encoded_rows()) == [b"first"]
        assert journal.progress() == (2, 0)


def test_names_that_are_not_utf8_are_restored(path):
    references = [ImageReference("caf\udce9.png"), ImageReference("a.zip", "ü\n.png"), ImageReference("x", error="It is bad.")]
    with started(path, references) as journal:
        (chunk,) = journal.pending_chunks()
        assert sorted(chunk.references, key=str) == sorted(references, key=str)


def test_a_finished_journal_keeps_its_counts_and_shrinks(path):
    with started(path, named(*(f"{position:0200}" for position in range(2000))), max_chunk_files=2000) as journal:
        journal.store_results([ChunkResult(1, bytes(10**6), 2000, 7)])
        large = path.stat().st_size
        journal.finish()
        assert journal.finished
        assert journal.progress() == (2000, 7)
    assert path.stat().st_size < large / 20


def test_a_run_without_a_file_leaves_no_journal(path):
    with started(path, []) as journal:
        assert journal.files == 0
    assert not path.exists()


def test_a_stop_while_finding_files_leaves_no_journal(path):
    def stopped():
        yield from named("a", "b")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Journal(path) as journal:
        journal.store_files(IDENTITY, stopped(), Finder(), 4, 1)
    assert not path.exists()


def test_two_runs_cannot_write_one_output(path):
    with started(path, named("a")), pytest.raises(BatchError, match="another run may be writing"):
        Journal(path)


def test_a_file_that_is_not_a_journal_is_not_modified(path):
    path.write_text("my own diary, which is longer than a header of SQLite is" * 99)
    with pytest.raises(BatchError, match="isn't the journal of a run"):
        Journal(path)
    assert path.read_text().startswith("my own diary")


def test_a_missing_folder_is_an_error(folder):
    with pytest.raises(BatchError, match="can't be opened"):
        Journal(folder / "nowhere" / "out.csv.journal")
