import hashlib
import json
import zipfile

import pytest

from digitcore import DigitError, ExplanationError, ModelError
from digitcore.recognition import artifacts
from digitcore.recognition.artifacts import (
    CARD_NAME,
    EXPLAINER_NAME,
    MODEL_NAME,
    PACKAGED_NETWORK,
    damaged_network,
    read_card,
    read_explainer,
    read_model,
)

CARD = json.loads((PACKAGED_NETWORK / CARD_NAME).read_text(encoding="utf-8"))


@pytest.fixture
def network(tmp_path):
    """Return a folder with a small stand-in for a model and a card with its checksum."""
    (tmp_path / MODEL_NAME).write_bytes(b"weights")
    (tmp_path / CARD_NAME).write_text(json.dumps({"model": {"sha256": hashlib.sha256(b"weights").hexdigest()}, "x": [1, None]}))
    return tmp_path


@pytest.fixture
def packaged_copy(tmp_path, monkeypatch):
    """Make a folder of the test's the packaged network; its explainer is a stand-in."""
    (tmp_path / EXPLAINER_NAME).write_bytes(b"explains")
    monkeypatch.setattr(artifacts, "PACKAGED_NETWORK", tmp_path)
    return tmp_path


def explainer_card(**changes):
    """Return a card that fits the stand-in; a field that is changed to None is left out."""
    fields = {"explainer_sha256": hashlib.sha256(b"explains").hexdigest(), "branches": ["a/one", "a/two"], **changes}
    return {"model": {name: value for name, value in fields.items() if value is not None}}


def flip_bit(path, position):
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.write_bytes(content)


def test_the_packaged_files_are_those_that_the_card_names():
    for file, checksum in ((MODEL_NAME, "sha256"), (EXPLAINER_NAME, "explainer_sha256")):
        assert hashlib.sha256((PACKAGED_NETWORK / file).read_bytes()).hexdigest() == CARD["model"][checksum]
    assert (CARD["model"]["file"], CARD["model"]["explainer_file"]) == (MODEL_NAME, EXPLAINER_NAME)
    assert CARD["model"]["size_bytes"] == len((PACKAGED_NETWORK / MODEL_NAME).read_bytes())


def test_the_packaged_network_is_read_whole():
    model, card = read_model(PACKAGED_NETWORK)
    assert model == (PACKAGED_NETWORK / MODEL_NAME).read_bytes()
    assert card == CARD
    assert read_explainer(card) == ((PACKAGED_NETWORK / EXPLAINER_NAME).read_bytes(), CARD["model"]["branches"])


def test_a_model_and_its_card_are_returned_as_they_are(network):
    model, card = read_model(network)
    assert model == b"weights"
    assert card["x"] == [1, None]
    assert read_card(network) == card


def test_a_model_of_another_name_is_read_and_named_in_errors(network):
    (network / MODEL_NAME).rename(network / "other.tflite")
    assert read_model(network, "other.tflite")[0] == b"weights"
    flip_bit(network / "other.tflite", 0)
    with pytest.raises(ModelError, match=r"^The network `other\.tflite` doesn't match the checksum in its model card\. Reinstall"):
        read_model(network, "other.tflite")
    with pytest.raises(ModelError, match=r"^The file `third\.tflite` of the network is missing\. Reinstall"):
        read_model(network, "third.tflite")


@pytest.mark.parametrize("position", [0, 3, -1])
def test_one_changed_bit_of_a_model_is_found(network, position):
    flip_bit(network / MODEL_NAME, position)
    with pytest.raises(ModelError, match=r"`digits\.tflite` doesn't match the checksum in its model card.*make train"):
        read_model(network)


@pytest.mark.parametrize("content", [b"", b"weight", b"weights\n", b"weightsweights"])
def test_a_model_with_bytes_missing_or_added_is_found(network, content):
    (network / MODEL_NAME).write_bytes(content)
    with pytest.raises(ModelError, match="doesn't match the checksum"):
        read_model(network)


@pytest.mark.parametrize("name", [MODEL_NAME, CARD_NAME])
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_missing_file_is_named_with_a_remedy(network, name, is_folder):
    (network / name).unlink()
    if is_folder:
        (network / name).mkdir()
    expected = rf"^The file `{name}` of the network is missing\. Reinstall the package, .*git checkout.*make train"
    with pytest.raises(ModelError, match=expected) as caught:
        read_model(network)
    assert isinstance(caught.value.__cause__, OSError)


def test_a_missing_folder_is_a_missing_file(tmp_path):
    with pytest.raises(ModelError, match=r"`digits\.tflite` of the network is missing"):
        read_model(tmp_path / "nowhere")


def test_a_card_that_is_cut_off_anywhere_is_damaged(network):
    content = (network / CARD_NAME).read_bytes()
    for length in range(len(content)):
        (network / CARD_NAME).write_bytes(content[:length])
        with pytest.raises(ModelError, match=r"^The model card `card\.json` is damaged\. Reinstall.*make train"):
            read_card(network)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b" ", b"[]", b"null", b"true", b"1", b'"{}"', b"{}{}", b"{'a': 1}", b'{"a": 1,}', b"\xff\xfe\x00", b'{"a": "\xe4"}'),
        b'{"a": ' + b"9" * 5_000 + b"}",
    ],
)
def test_a_card_that_is_no_json_object_is_damaged(network, content):
    (network / CARD_NAME).write_bytes(content)
    for read in (read_card, read_model):
        with pytest.raises(ModelError, match=r"^The model card `card\.json` is damaged\. Reinstall"):
            read(network)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"model": [['], ids=["lists", "objects", "lists in an object"])
def test_a_card_that_is_nested_without_end_is_damaged(network, opening):
    (network / CARD_NAME).write_text(opening * 100_000, encoding="utf-8")
    with pytest.raises(ModelError, match=r"`card\.json` is damaged"):
        read_card(network)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_card_in_any_encoding_of_json_is_read(network, encoding):
    (network / CARD_NAME).write_text('{"name": "März"}', encoding=encoding)
    assert read_card(network) == {"name": "März"}


@pytest.mark.parametrize(
    "card", [{}, {"model": None}, {"model": []}, {"model": "abc"}, {"model": 3}, {"model": {}}, {"model": {"SHA256": ""}}]
)
def test_a_card_without_a_checksum_is_damaged(network, card):
    (network / CARD_NAME).write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"^The network `digits\.tflite` or its model card is damaged\. Reinstall.*make train"):
        read_model(network)


@pytest.mark.parametrize("checksum", [None, 0, "", "0" * 64, [hashlib.sha256(b"weights").hexdigest()], hashlib.md5(b"weights").hexdigest()])  # noqa: S324
def test_any_other_checksum_does_not_match(network, checksum):
    (network / CARD_NAME).write_text(json.dumps({"model": {"sha256": checksum}}), encoding="utf-8")
    with pytest.raises(ModelError, match="doesn't match the checksum"):
        read_model(network)


def test_a_network_in_a_zipped_package_is_read(network, tmp_path_factory):
    archive = tmp_path_factory.mktemp("zip") / "package.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in (MODEL_NAME, CARD_NAME):
            file.write(network / name, f"network/{name}")
    with zipfile.ZipFile(archive) as file:
        folder = zipfile.Path(file, "network/")
        assert read_model(folder) == read_model(network)
        with pytest.raises(ModelError, match=r"`other\.tflite` of the network is missing"):
            read_model(folder, "other.tflite")


def test_an_explainer_is_read_with_the_names_of_its_branches_in_their_order(packaged_copy):
    assert read_explainer(explainer_card()) == (b"explains", ["a/one", "a/two"])
    assert read_explainer(explainer_card(branches=["b", "a"]))[1] == ["b", "a"]


@pytest.mark.parametrize("position", [0, 4, -1])
def test_one_changed_bit_of_an_explainer_is_found(packaged_copy, position):
    flip_bit(packaged_copy / EXPLAINER_NAME, position)
    with pytest.raises(ExplanationError, match=r"^`explainer\.tflite` is damaged or belongs to another network, .*git checkout"):
        read_explainer(explainer_card())


def test_a_missing_explainer_is_named_with_a_remedy(packaged_copy):
    (packaged_copy / EXPLAINER_NAME).unlink()
    with pytest.raises(
        ExplanationError, match=r"^`explainer\.tflite` is missing, .*Digits are still read\. Reinstall.*git checkout"
    ) as caught:
        read_explainer(explainer_card())
    assert isinstance(caught.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize("changes", [{"explainer_sha256": None}, {"explainer_sha256": "0" * 64}, {"branches": None}, {"branches": "a/one"}])
def test_a_card_that_does_not_describe_the_explainer_is_of_another_network(packaged_copy, changes):
    with pytest.raises(ExplanationError, match="damaged or belongs to another network"):
        read_explainer(explainer_card(**changes))


def test_the_error_for_a_damaged_network_names_it_with_a_remedy():
    error = damaged_network("mine.tflite")
    assert isinstance(error, ModelError)
    assert isinstance(error, DigitError)
    assert not isinstance(error, ExplanationError)
    assert str(error).startswith("The network `mine.tflite` or its model card is damaged. Reinstall the package, ")
    assert str(error).endswith("with `make train`.")
