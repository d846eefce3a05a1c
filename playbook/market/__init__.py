"""The models a manager uses: pure functions over DataFrames."""
