"""The demo never touches the data of real people."""

from pathlib import Path

import pytest

from thespace.data_directory import DataDirectory
from thespace.demo.place import DemoPlace
from thespace.settings import SettingsError


def test_it_is_there_only_when_it_is_finished(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path / "demo")
    place.begin()
    assert not place.is_filled()
    place.finish()
    assert place.is_filled()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_another_directory_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thespace.db").write_text("precious")
    with pytest.raises(SettingsError, match="not a demo"):
        DemoPlace(tmp_path).is_filled()
    assert (tmp_path / "thespace.db").read_text() == "precious"


def test_what_an_interrupted_run_left_is_filled_anew(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path / "demo")
    place.begin()
    (place.filling / "thespace.db").write_text("half")
    place.begin()
    assert not (place.filling / "thespace.db").exists()


def test_what_only_has_the_name_of_a_half_filled_one_is_left_alone(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path / "demo")
    place.filling.mkdir()
    with pytest.raises(SettingsError, match="in the way"):
        place.begin()
    assert place.filling.exists()


def test_what_another_process_is_filling_is_left_alone(tmp_path: Path) -> None:
    place = DemoPlace(tmp_path / "demo")
    place.begin()
    other = DataDirectory(place.filling)
    other.lock()
    with pytest.raises(SettingsError, match="in use"):
        place.begin()
    other.unlock()
