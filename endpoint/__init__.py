"""The door: the small server that takes what citizens write in the forms of the Carta."""
