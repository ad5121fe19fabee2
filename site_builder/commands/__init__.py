"""What `carta` can do, a file for each family of commands; each adds its words to the parser."""
