import inspect

import digitcore


def test_every_public_name_exists_and_is_documented():
    for name in digitcore.__all__:
        assert inspect.getdoc(getattr(digitcore, name)), name


def test_the_contract_is_public():
    names = {"load_classifier", "read_image", "Classifier", "Reading", "Settings", "DigitError", "annotate"}
    assert names <= set(digitcore.__all__)


def test_public_names_are_sorted():
    assert digitcore.__all__ == sorted(digitcore.__all__, key=lambda name: (name[0].islower(), name))


def test_every_error_is_a_digit_error():
    errors = [value for value in vars(digitcore).values() if inspect.isclass(value) and issubclass(value, Exception)]
    assert len(errors) >= 9
    assert all(issubclass(error, digitcore.DigitError) for error in errors)
