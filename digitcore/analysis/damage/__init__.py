"""Damage a copy of the trained network on purpose, and compare how both read the same digits."""

from digitcore.analysis.damage.comparison import DamageComparison, compare_damaged
from digitcore.analysis.damage.damage import Damage, DamageKind, apply_damage
from digitcore.analysis.damage.weights import Layer, NetworkWeights

__all__ = ["Damage", "DamageComparison", "DamageKind", "Layer", "NetworkWeights", "apply_damage", "compare_damaged"]
