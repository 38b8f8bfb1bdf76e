import pytest

from digitcore.batch.journal import Chunk, Journal, Part
from digitcore.batch.sources import Finder, Reference
from digitcore.errors import BatchError

IDENTITY = {"sources": ["a"]}


@pytest.fixture
def path(folder):
    return folder / "out.csv.journal"


def begun(path, references, most_a_chunk=4, least_chunks=1):
    journal = Journal(path)
    journal.begin(IDENTITY, references, Finder(passed_over=3), most_a_chunk, least_chunks)
    return journal


def named(*names):
    return [Reference(name) for name in names]


def names(chunks):
    return [[reference.path for reference in chunk.references] for chunk in chunks]


def test_files_come_sorted_each_once_in_chunks(path):
    with begun(path, named("c", "a", "b", "./a", "e", "d", "a")) as journal:
        assert journal.files == 5
        assert names(journal.waiting()) == [["a", "b", "c", "d"], ["e"]]
        assert [chunk.first for chunk in journal.waiting()] == [1, 5]


def test_places_come_before_names(path):
    finder = Finder()

    def found():
        for finder.place, name in enumerate(("z", "y", "x")):
            yield Reference(name)

    with Journal(path) as journal:
        journal.begin(IDENTITY, found(), finder, 4, 1)
        assert names(journal.waiting()) == [["z", "y", "x"]]


def test_few_files_are_shared_out(path):
    with begun(path, named(*"abcdef"), most_a_chunk=64, least_chunks=3) as journal:
        assert names(journal.waiting()) == [["a", "b"], ["c", "d"], ["e", "f"]]
    with begun(path, named("a"), most_a_chunk=64, least_chunks=8) as journal:
        assert names(journal.waiting()) == [["a"]]


def test_what_was_stored_is_there_after_it_was_opened_again_and_waits_no_more(path):
    with begun(path, named(*"abcdef"), most_a_chunk=2) as journal:
        journal.store([Part(3, b"cd", 2, 1)])
    with Journal(path) as journal:
        assert (journal.identity, journal.done(), journal.passed_over) == (IDENTITY, (2, 1), 3)
        assert names(journal.waiting()) == [["a", "b"], ["e", "f"]]
        journal.store([Part(5, b"ef", 2, 0), Part(1, b"ab", 2, 0)])
        assert list(journal.waiting()) == []
        assert b"".join(journal.parts()) == b"abcdef"


def test_of_a_chunk_that_was_read_file_by_file_the_rest_waits_file_by_file(path):
    with begun(path, named(*"abc"), most_a_chunk=3) as journal:
        journal.store([Part(1, b"a", 1, 0), Part(3, b"c", 1, 0)])
        assert list(journal.waiting()) == [Chunk(2, [Reference("b")])]


def test_nothing_is_stored_twice(path):
    with begun(path, named(*"ab")) as journal:
        journal.store([Part(1, b"first", 2, 0)])
        journal.store([Part(1, b"again", 2, 0)])
        assert list(journal.parts()) == [b"first"]
        assert journal.done() == (2, 0)


def test_names_of_any_kind_come_back(path):
    references = [Reference("caf\udce9.png"), Reference("a.zip", "ü\n.png"), Reference("x", error="It is bad.")]
    with begun(path, references) as journal:
        (chunk,) = journal.waiting()
        assert sorted(chunk.references, key=str) == sorted(references, key=str)


def test_a_finished_one_keeps_its_sums_and_little_else(path):
    with begun(path, named(*(f"{place:0200}" for place in range(2000))), most_a_chunk=2000) as journal:
        journal.store([Part(1, bytes(10**6), 2000, 7)])
        large = path.stat().st_size
        journal.finish()
        assert journal.finished
        assert journal.done() == (2000, 7)
    assert path.stat().st_size < large / 20


def test_a_run_without_a_file_leaves_no_journal(path):
    with begun(path, []) as journal:
        assert journal.files == 0
    assert not path.exists()


def test_a_stop_while_files_are_looked_for_leaves_no_journal(path):
    def stopped():
        yield from named("a", "b")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Journal(path) as journal:
        journal.begin(IDENTITY, stopped(), Finder(), 4, 1)
    assert not path.exists()


def test_two_runs_do_not_write_one_output(path):
    with begun(path, named("a")), pytest.raises(BatchError, match="another run may be writing"):
        Journal(path)


def test_what_is_no_journal_is_left_alone(path):
    path.write_text("my own diary, which is longer than a header of SQLite is" * 99)
    with pytest.raises(BatchError, match="isn't a run's journal"):
        Journal(path)
    assert path.read_text().startswith("my own diary")


def test_a_folder_that_is_not_there_is_told(folder):
    with pytest.raises(BatchError, match="can't be opened"):
        Journal(folder / "nowhere" / "out.csv.journal")
