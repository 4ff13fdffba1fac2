"""The switch's pages: lines, browser phone, agent's line and handset, in Chinese and English."""
