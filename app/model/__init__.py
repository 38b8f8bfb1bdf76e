"""The network's card made visible, and its speed measured."""
