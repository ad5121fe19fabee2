"""What happens in the office, away from the server: keys, exports, opening them."""
