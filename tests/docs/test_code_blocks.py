"""Every block of code on a written page does what the page shows."""

import re
import shlex
from pathlib import Path

import pytest
from click import Context, Group
from sybil.example import SybilFailure

from cpplan_sim.cli import COMMANDS
from cpplan_sim.commands.group import cpplan
from tests.docs.blocks import SYBIL, UntriedBlockError, tried
from tests.docs.workplace import ROOT, Workplace

OF_THE_CHECKOUT = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
"""Pages for those who have the checkout before them."""

PAGES = (*OF_THE_CHECKOUT, *sorted((ROOT / "docs").rglob("*.md")))
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCE = re.compile(r"^ *(```+|~~~+).*?^ *\1 *$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^(?! *(?:[-*+:]|\d+\.|!!!|\?\?\?|\[\^))\S.*\n\n {4,}\S.*", re.MULTILINE)
INLINE = re.compile(r"`(cpplan [^`]+)`")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_block_does_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = Workplace.checkout if page in OF_THE_CHECKOUT else Workplace.empty
    place = kind(tmp_path)
    monkeypatch.chdir(place.folder)
    tried(page, place)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_block_is_tried_by_nothing(page: Path) -> None:
    examples = len(list(SYBIL.parse(page).examples()))
    left_out = text_of(page).count("<!-- not run:")
    assert examples + left_out >= len(FENCE.findall(text_of(page)))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_code_stands_indented_where_nothing_would_try_it(page: Path) -> None:
    assert INDENTED.findall(FENCE.sub("", text_of(page))) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_command_named_in_a_sentence_can_be_given(page: Path) -> None:
    named = INLINE.findall(FENCE.sub("", text_of(page)))
    assert [one for one in named if not _known(one)] == []


def _known(named: str) -> bool:
    _, command, *words = shlex.split(named)
    if command not in COMMANDS:
        return command in ("--help", "--version") and not words
    context = Context(cpplan)
    found = cpplan.get_command(context, command)
    while isinstance(found, Group) and words and words[0] in found.commands:
        found = found.commands[words.pop(0)]
    assert found is not None
    known = {option for one in found.params for option in (*one.opts, *one.secondary_opts)}
    return {word for word in words if word.startswith("-")} <= known | {"--help", "-h"}


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    named = {one for page in PAGES for one in _targets_named(text_of(page))}
    targets = re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    assert {"demo", "test", "check"} <= named
    assert named <= set(targets)


def _targets_named(text: str) -> list[str]:
    blocks = "\n".join(found.group() for found in FENCE.finditer(text))
    return re.findall(r"^ *make ([a-z-]+)", blocks, re.MULTILINE) + re.findall(
        r"`make ([a-z-]+)", text
    )


class TestATriedPage:
    """The tries themselves: what is wrong on a page has to be found."""

    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
        place = Workplace.empty(tmp_path)
        monkeypatch.chdir(place.folder)
        return place

    def test_says_how_many_things_were_tried(self, place: Workplace) -> None:
        page = place.write("page.md", "```python\n>>> 1 + 1\n2\n>>> 2\n2\n```\n")
        assert tried(page, place) == 2

    def test_fails_for_a_wrong_answer(self, place: Workplace) -> None:
        page = place.write("page.md", "```python\n>>> 1 + 1\n3\n```\n")
        with pytest.raises(SybilFailure, match="Expected"):
            tried(page, place)

    def test_fails_for_a_program_that_stops(self, place: Workplace) -> None:
        page = place.write("page.md", "```python\nassert 1 + 1 == 3\n```\n")
        with pytest.raises(AssertionError):
            tried(page, place)

    @pytest.mark.parametrize("language", ["", "toml", "Python", "sh"])
    def test_fails_for_a_block_that_nothing_would_try(
        self, place: Workplace, language: str
    ) -> None:
        page = place.write("page.md", f"```{language}\nwhatever\n```\n")
        with pytest.raises(UntriedBlockError, match=f"language '{language}'"):
            tried(page, place)

    def test_fails_for_an_unknown_block_in_a_list(self, place: Workplace) -> None:
        page = place.write("page.md", "- one\n\n    ```toml\n    a = 1\n    ```\n")
        with pytest.raises(UntriedBlockError):
            tried(page, place)

    def test_leaves_out_what_says_why(self, place: Workplace) -> None:
        page = place.write("page.md", "<!-- not run: a map -->\n```text\na -> b\n```\n")
        assert tried(page, place) == 0

    def test_fails_for_what_is_left_out_without_a_reason(self, place: Workplace) -> None:
        page = place.write("page.md", "<!-- not run: slow -->\n```bash\nexit 1\n```\n")
        with pytest.raises(UntriedBlockError, match="says why"):
            tried(page, place)

    def test_takes_no_reason_from_a_comment_further_up(self, place: Workplace) -> None:
        text = "<!-- not run: a map -->\nA sentence.\n\n```text\na -> b\n```\n"
        with pytest.raises(UntriedBlockError):
            tried(place.write("page.md", text), place)

    def test_compares_what_a_command_prints(self, place: Workplace) -> None:
        page = place.write("page.md", "```console\n$ echo one; echo two\none\n...\n```\n")
        assert tried(page, place) == 1
        page = place.write("page.md", "```console\n$ echo one; echo two\none\n```\n")
        with pytest.raises(SybilFailure, match="does not print what is shown"):
            tried(page, place)

    def test_fails_for_a_command_that_fails(self, place: Workplace) -> None:
        page = place.write("page.md", "```bash\nfalse\ntrue\n```\n")
        with pytest.raises(SybilFailure, match="exited with 1, not 0"):
            tried(page, place)

    def test_fails_for_a_command_that_was_to_fail_and_does_not(self, place: Workplace) -> None:
        page = place.write("page.md", "<!-- exits with: 1 -->\n```bash\ntrue\n```\n")
        with pytest.raises(SybilFailure, match="exited with 0, not 1"):
            tried(page, place)

    def test_fails_for_text_before_the_first_command(self, place: Workplace) -> None:
        page = place.write("page.md", "```console\none\n$ echo one\n```\n")
        with pytest.raises(ValueError, match="no command stands before 'one'"):
            tried(page, place)

    def test_tries_each_command_with_what_makes_it_quick(self, place: Workplace) -> None:
        block = "```bash\ncpplan -h > one\necho x\ncpplan -h > two\n```\n"
        page = place.write("page.md", f"<!-- tried with:\n&& mv one 1\n&& mv two 2\n-->\n{block}")
        tried(page, place)
        assert {"1", "2"} == {path.name for path in place.folder.iterdir()} - {"page.md"}

    def test_fails_where_more_is_added_than_there_are_commands(self, place: Workplace) -> None:
        text = "<!-- tried with:\n1\n2\n-->\n```bash\necho\n```\n"
        with pytest.raises(UntriedBlockError, match="more is said"):
            tried(place.write("page.md", text), place)

    def test_shows_nothing_that_was_tried_in_another_way(self, place: Workplace) -> None:
        text = "<!-- tried with: -h -->\n```console\n$ cpplan run\nUsage: ...\n```\n"
        with pytest.raises(UntriedBlockError, match="as it stands"):
            tried(place.write("page.md", text), place)

    def test_fails_for_data_of_nothing(self, place: Workplace) -> None:
        page = place.write("page.md", "```yaml\na: 1\n```\n")
        with pytest.raises(SybilFailure, match="say which file this is"):
            tried(page, place)

    def test_fails_for_a_pack_that_can_not_be_read(self, place: Workplace) -> None:
        text = "<!-- file: mine/pack.yaml -->\n```yaml\npack: mine\n```\n"
        with pytest.raises(ValueError, match=r"mine/pack\.yaml"):
            tried(place.write("page.md", text), place)

    def test_fails_for_a_part_that_does_not_fit(self, place: Workplace) -> None:
        text = "<!-- part of: requirements in composite -->\n```yaml\nmine: {says: so}\n```\n"
        with pytest.raises(ValueError, match="template"):
            tried(place.write("page.md", text), place)

    def test_gives_commands_with_the_programs_of_this_checkout(self, place: Workplace) -> None:
        told = "$ cpplan --help | head -n 1\nUsage: cpplan [OPTIONS] COMMAND [ARGS]...\n"
        where = f'$ python -c "import cpplan; print(cpplan.__path__[0])"\n{ROOT}/kernel/cpplan\n'
        page = place.write("page.md", f"```console\n{told}{where}```\n")
        assert tried(page, place) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Say:\n\n    make it\n", 1),
        ("- Say:\n\n    more of it\n", 0),
        ("Say:\n\n```bash\n    a\n```\n", 0),
    ],
)
def test_indented_code_is_known_from_what_goes_on_in_a_list(text: str, found: int) -> None:
    assert len(INDENTED.findall(FENCE.sub("", text))) == found


@pytest.mark.parametrize("named", ["cpplan chek", "cpplan check --caes 3", "cpplan --helpp"])
def test_a_command_that_can_not_be_given_is_noticed(named: str) -> None:
    assert not _known(named)
