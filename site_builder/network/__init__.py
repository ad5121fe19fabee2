"""The only room that asks the network, and only when somebody runs the command for it."""
