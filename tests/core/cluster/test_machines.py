"""Machines of a cluster that are lost, hang, lie about their disk or differ, on a stand-in for Ray."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from mannerism.core.batch.line import temporary_folder
from mannerism.core.batch.manifest_row import Line
from mannerism.core.batch.run import Task
from mannerism.core.cluster import RayCluster, crew, line_queue, ray_cluster
from mannerism.core.cluster.line_maker import Installation, Stopped
from mannerism.core.errors import BatchError, DiskFullError
from mannerism.tests.support.fake_ray import FakeRay, LostError, Machine


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(crew, "_LOOK_EVERY_S", 0.0)
    monkeypatch.setattr(line_queue, "_AGAIN_AFTER_S", 0.0)
    monkeypatch.setattr(ray_cluster, "_POLL_S", 0.001)
    monkeypatch.setattr(ray_cluster, "SEEN_WITHIN_S", 0.2)


@pytest.fixture
def tasks(tmp_path):
    status = tmp_path / "m.status.jsonl"
    status.write_text("")
    return [Task(Line(f"{at:03d}", out=tmp_path / f"{at:03d}.bvh"), statuses=(status,)) for at in range(40)]


@pytest.fixture
def run(monkeypatch, tasks):
    """Outcomes of all lines by id, each once, and the sentences that were said."""

    def run(*machines, tasks=tasks, **options):
        ray = FakeRay(*machines)

        @contextmanager
        def connected(address, processes):
            yield ray

        monkeypatch.setattr(ray_cluster, "connected", connected)
        notes: list[str] = []
        cluster = RayCluster("10.0.0.1:6379", time_limit_s=1.0, on_note=notes.append, **options)
        outcomes = list(cluster.run(tasks, lambda _: None))
        assert sorted(outcome.id for outcome in outcomes) == [task.line.id for task in tasks]
        for outcome in outcomes:
            if outcome.status == "done":
                assert (tasks[0].line.out.parent / f"{outcome.id}.bvh").read_text() == outcome.id * 10
        return {outcome.id: outcome for outcome in outcomes}, " ".join(notes)

    return run


def statuses(outcomes):
    return {outcome.status for outcome in outcomes.values()}


def test_all_machines_take_part(run):
    a, b = Machine("a"), Machine("b", cores=3)
    outcomes, notes = run(a, b)
    assert statuses(outcomes) == {"done"}
    assert not notes
    assert len(a.made) + len(b.made) == 40
    assert 5 < len(a.made) < len(b.made)


def test_as_many_lines_at_once_as_asked(run):
    a, b = Machine("a"), Machine("b", cores=8)
    run(a, b, makers=1)
    assert not a.made or not b.made


def test_a_machine_that_joins_later_takes_part(run):
    late = Machine("late")
    late.alive = False

    class Slow(Machine):
        def write(self, line):
            late.alive = len(self.made) >= 3
            return super().write(line)

    outcomes, _ = run(Slow("a"), late)
    assert statuses(outcomes) == {"done"}
    assert late.made


class Elsewhere(Machine):
    """Writes on a disk of its own, which it takes for the shared one."""

    def write(self, line):
        own = line.out.parent / "own disk"
        own.mkdir(exist_ok=True)
        made = super().write(replace(line, out=own / line.out.name))
        return replace(made, out=str(line.out))


class Dying(Machine):
    """Dies with a line in hand."""

    def make(self, tasks):
        for task in tasks:
            if len(self.made) == 2:
                self.alive = False
                raise LostError("The actor died\nand more")
            self.made.append(task.line.id)
            yield self.write(task.line)


class TestLost:
    def test_its_lines_are_made_by_others(self, run):
        outcomes, notes = run(Dying("a"), Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "A process on a is lost, and its lines go to others (The actor died)." in notes
        (noted,) = [outcome for outcome in outcomes.values() if outcome.reason]
        assert "a was lost while making it" in noted.reason

    def test_a_process_that_dies_is_replaced(self, run):
        class Stumbling(Machine):
            def write(self, line):
                if len(self.made) == 3:
                    raise LostError("The actor died")
                return super().write(line)

        outcomes, notes = run(Stumbling("a"))
        assert statuses(outcomes) == {"done"}
        assert notes.count("is lost") == 1

    def test_a_line_that_ends_each_process_fails_alone(self, run):
        class Allergic(Machine):
            def write(self, line):
                if line.id == "007":
                    raise LostError("The actor died")
                return super().write(line)

        outcomes, _ = run(Allergic("a"), Allergic("b"))
        assert {name for name, outcome in outcomes.items() if outcome.status == "failed"} == {"007"}
        assert "tried 3 times" in outcomes["007"].reason
        assert "The actor died" in outcomes["007"].reason

    def test_a_machine_that_only_loses_is_dismissed(self, run):
        class Broken(Machine):
            def make(self, tasks):
                raise LostError("no memory")
                yield

        outcomes, notes = run(Broken("a"), Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "a gets no lines: it lost 3 processes and finished no line (no memory)." in notes
        with pytest.raises(BatchError, match="No machine of the cluster"):
            run(Broken("a"))

    def test_a_frozen_one_is_given_up(self, run, monkeypatch):
        monkeypatch.setattr(ray_cluster, "_SILENT_S", -1.0)  # a second in all
        frozen = Machine("a")
        frozen.frozen = True
        outcomes, notes = run(frozen, Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "said nothing" in notes


class TestDisks:
    def test_a_machine_that_writes_elsewhere_gets_no_more_lines(self, run):
        liar = Elsewhere("a")
        outcomes, notes = run(liar, Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "a gets no lines: it wrote “0" in notes
        assert len(liar.made) == 1, "no more before the first was seen"
        assert any("not to be seen here" in outcome.reason for outcome in outcomes.values())

    def test_all_actors_of_a_machine_go_with_it(self, run):
        liar = Elsewhere("a", cores=4)
        outcomes, _ = run(liar, Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert 1 <= len(liar.made) <= 4, "one line each, before the first was looked for in vain"

    def test_none_is_left(self, run, tasks):
        with pytest.raises(BatchError, match=r"a wrote “0..\.bvh” where it cannot be seen from here"):
            run(Elsewhere("a"))
        assert not [task for task in tasks if task.line.out.exists()]

    @pytest.mark.parametrize("content", [b"", b"half", b"x" * 30])
    def test_what_is_here_is_not_what_it_wrote(self, run, content):
        class Other(Machine):
            def write(self, line):
                made = super().write(line)
                line.out.write_bytes(content)
                return made

        outcomes, notes = run(Other("a"), Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "a gets no lines" in notes

    def test_a_folder_that_shows_files_late(self, run, monkeypatch):
        looks: dict[str, int] = {}

        def is_as_said(outcome):
            looks[outcome.id] = looks.get(outcome.id, 0) + 1
            return looks[outcome.id] > 3

        monkeypatch.setattr(ray_cluster, "SEEN_WITHIN_S", 60.0)
        monkeypatch.setattr(ray_cluster, "is_as_said", is_as_said)
        machine = Machine("a")
        outcomes, notes = run(machine)
        assert statuses(outcomes) == {"done"}
        assert not notes
        assert len(machine.made) == 40

    def test_a_kept_edit_is_no_lie(self, run, tasks):
        class Keeping(Machine):
            def write(self, line):
                made = super().write(line)
                return replace(made, status="skipped", size=1, reason="It was edited.")

        outcomes, notes = run(Keeping("a"))
        assert statuses(outcomes) == {"skipped"}
        assert not notes

    def test_a_skipped_line_that_is_not_here_is_one(self, run):
        class Before(Elsewhere):
            def write(self, line):
                return replace(super().write(line), status="skipped")

        with pytest.raises(BatchError, match="cannot be seen from here"):
            run(Before("a"))

    def test_a_full_disk_stops_all(self, run, tasks):
        class Full(Machine):
            def make(self, tasks):
                yield Stopped("DiskFullError", "“a.bvh” cannot be written", "Free some space")

        with pytest.raises(DiskFullError, match=r"“a\.bvh” cannot be written"):
            run(Full("a"), Machine("b"))

    def test_a_machine_that_cannot_work_is_dismissed(self, run):
        class Unable(Machine):
            def make(self, tasks):
                yield Stopped("OutputError", "There is no room for temporary files", "Free some space")

        outcomes, notes = run(Unable("a"), Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert "a gets no lines: it says: There is no room" in notes


class TestGreeting:
    @pytest.mark.parametrize(
        ("difference", "words"),
        [
            ({"version": "0.0.1"}, "version 0.0.1, and here"),
            ({"python": "3.9"}, "Python 3.9"),
            ({"weights": "other"}, "its weights differ"),
        ],
    )
    def test_another_mannerism(self, run, difference, words):
        class Other(Machine):
            def greet(self, seen):
                return replace(Installation.of_this_machine(), **difference), True

        other = Other("a")
        outcomes, notes = run(other, Machine("b"))
        assert statuses(outcomes) == {"done"}
        assert not other.made
        assert words in notes
        with pytest.raises(BatchError, match="another Mannerism"):
            run(other)

    def test_a_machine_without_the_folder(self, run):
        class Blind(Machine):
            def greet(self, seen):
                return Installation.of_this_machine(), False

        with pytest.raises(BatchError, match=r"a does not see .*m\.status\.jsonl, so it does not share"):
            run(Blind("a"))

    def test_a_machine_without_mannerism(self, run):
        class Bare(Machine):
            def greet(self, seen):
                raise LostError(
                    "Traceback (most recent call last):\nModuleNotFoundError: No module named 'mannerism'"
                )

        with pytest.raises(BatchError, match="No module named 'mannerism'"):
            run(Bare("a"))

    def test_a_cluster_without_machines(self, run, monkeypatch):
        monkeypatch.setattr(crew, "_NOBODY_S", 0.05)
        with pytest.raises(BatchError, match="No machine of the cluster can make lines"):
            run(Machine("head", cores=0))


def test_a_batch_that_is_stopped_leaves_nothing(monkeypatch, tasks):
    class Begins(Machine):
        def write(self, line):
            temporary_folder(line).mkdir()
            if len(self.made) == 3:
                ray.machines[0].frozen = True
            return super().write(line)

    ray = FakeRay(Begins("a"))

    @contextmanager
    def connected(address, processes):
        yield ray

    monkeypatch.setattr(ray_cluster, "connected", connected)
    run = RayCluster("10.0.0.1:6379").run(tasks, lambda _: None)
    for _ in range(3):
        next(run)
    for task in tasks[4:9]:
        temporary_folder(task.line).mkdir(exist_ok=True)
    run.close()
    assert ray.machines[0].stopped == 1
    assert ray.killed == 1
    assert not [task for task in tasks[4:9] if temporary_folder(task.line).exists()]


def test_an_empty_batch_needs_no_cluster():
    assert not list(RayCluster("nowhere:1").run([], lambda _: None))
