"""What stands on a street and how each is painted: buildings, trees, vehicles, people, signs, fences, the ground."""
