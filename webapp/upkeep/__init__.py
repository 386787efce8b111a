"""Truth over time: experts are asked whether it still holds; what is not said ends by itself."""
