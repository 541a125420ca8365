"""What goes out to people: links and flyers, figures, papers, news."""
