"""Find marks in ink, order them in lines, and split and join them into digits."""
