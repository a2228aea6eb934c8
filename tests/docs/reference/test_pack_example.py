"""The worked example: what the page shows is what the command printed."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from cpplan_docs.reference import pack_example
from cpplan_docs.reference.pack_example import Example, ExampleError, Step


@pytest.fixture
def quick() -> Example:
    pack = pack_example.read().steps[0].files["pack.yaml"]
    step = Step(
        title="A quick step",
        says="Nothing is proved, so that it takes no time.",
        files={"pack.yaml": pack},
        exits=0,
        tells=("my-pack",),
        then="That was all.",
    )
    command = ("coverage", "./my-pack")
    return Example(title="A title", says="Words.", folder="my-pack", command=command, steps=(step,))


def test_what_the_command_prints_is_told(quick: Example) -> None:
    (printed,) = pack_example.told(quick)
    assert "my-pack" in printed


def test_the_folder_of_the_example_is_gone_afterwards(quick: Example) -> None:
    before = Path.cwd()
    pack_example.told(quick)
    assert Path.cwd() == before
    assert not Path("my-pack").exists()


def test_an_example_that_ends_otherwise_stops_the_pages(quick: Example) -> None:
    wrong = attrs.evolve(quick, steps=(attrs.evolve(quick.steps[0], exits=1),))
    with pytest.raises(ExampleError, match="A quick step: ended with 0, not 1"):
        pack_example.told(wrong)


def test_an_example_that_does_not_print_what_is_said_of_it_stops_the_pages(quick: Example) -> None:
    wrong = attrs.evolve(quick, steps=(attrs.evolve(quick.steps[0], tells=("a miracle",)),))
    with pytest.raises(ExampleError, match="missing: \\['a miracle'\\]"):
        pack_example.told(wrong)


def test_a_later_step_keeps_the_files_that_it_does_not_change(quick: Example) -> None:
    later = attrs.evolve(quick.steps[0], files={})
    first, second = pack_example.told(attrs.evolve(quick, steps=(quick.steps[0], later)))
    assert first == second


def test_figures_and_sentences_are_parted_at_the_first_sentence() -> None:
    printed = "  held\nmine   3\nmine: silent on\n    more\n"
    assert pack_example.parted(printed, "mine") == (
        "  held\nmine   3",
        "mine: silent on\n    more",
    )


@pytest.mark.slow
def test_the_shipped_example_fails_and_is_mended() -> None:
    (page,) = pack_example.pages()
    example = pack_example.read()
    assert page.path == pack_example.ADDRESS.path
    failing, mended = page.text.split(f"## {example.steps[1].title}")
    assert "Counterexample to " in failing
    assert "let through by the rule" in failing
    assert "broken:" not in mended
    for step, shown in zip(example.steps, (failing, mended), strict=True):
        assert all(text.rstrip() in shown for text in step.files.values())
        assert "```bash\ncpplan check ./my-pack --cases 50\n```" in shown
    assert [step.exits for step in example.steps] == [1, 0]
