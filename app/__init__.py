"""What the pages share. The only room of `digitcore` that knows Streamlit."""
